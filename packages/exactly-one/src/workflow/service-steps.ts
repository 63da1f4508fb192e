import { cut } from '../contract/index.ts';
import { isItemList, isVoidResult } from '../contract/result-shapes.ts';
import type { Steps, Timings } from '../protocol/index.ts';
import { type Calls, startToCloseMsOf } from './calls.ts';
import type { ActivityNames } from './options.ts';
import { withArticle } from './words.ts';

/** In characters. Temporal allows 400 bytes, and names from outside may take three bytes a character. */
export const MAX_SUMMARY_LENGTH = 130;

/** The steps that the loop and the late watch share: a check, and a void. */
export function createServiceSteps({
  orderId,
  activities,
  input,
  timings,
  item,
  calls,
}: {
  readonly orderId: string;
  readonly activities: Pick<ActivityNames, 'list' | 'void'>;
  readonly input: unknown;
  readonly timings: Timings;
  readonly item: string;
  readonly calls: Calls;
}): Pick<Steps, 'validate' | 'voidItem'> {
  const { createDeadlineMs, clockSkewMs } = timings;
  const startToCloseMs = startToCloseMsOf(timings);
  return {
    validate: (seen) => {
      const summary = cut(`Check: does ${orderId} have ${withArticle(item)}?`, MAX_SUMMARY_LENGTH);
      const request = { seen, clockSkewMs };
      return calls.repeat(activities.list, input, request, { summary, isValid: isItemList, startToCloseMs });
    },
    voidItem: (itemId, keep) => {
      const summary = cut(keep === null ? `Void ${itemId}` : `Void ${itemId}, keep ${keep}`, MAX_SUMMARY_LENGTH);
      const request = { itemId, keep, createDeadlineMs };
      return calls.repeat(activities.void, input, request, { summary, isValid: isVoidResult, startToCloseMs });
    },
  };
}

import { continueAsNew } from '@temporalio/workflow';
import type { Guarantee, Timings } from 'exactly-one';
import { isBoolean, isGuarantee, isOptional, isRecordOf, isTimings } from 'exactly-one/contract';
import { type ActivityNames, type Carried, exactlyOne, validInput } from 'exactly-one/workflow';
import type { LabelActivities } from './activities.ts';

export { lateWatch } from 'exactly-one/workflow';

export interface ParcelInput {
  /** The guarantee of the carrier. Like the timings, it does not change while the parcel exists. */
  readonly guarantee: Guarantee;
  readonly timings: Timings;
  /** Whether an earlier run of this parcel was closed without a result: its create may still be in flight. */
  readonly resumed: boolean | undefined;
}

export interface LabelledParcel {
  readonly trackingNumber: string;
  readonly creates: number;
  /** The workflow that checks for late labels, if one is needed. */
  readonly lateWatchId?: string;
}

const isParcelInput = isRecordOf<ParcelInput>({
  guarantee: isGuarantee,
  timings: isTimings,
  resumed: isOptional(isBoolean),
});

const ACTIVITIES = {
  create: 'createLabel',
  list: 'listLabels',
  void: 'voidLabel',
} as const satisfies ActivityNames & Record<string, keyof LabelActivities>;

/**
 * Gets exactly one label for a parcel. The workflow id is the parcel id, so Temporal runs one workflow per parcel at a time.
 * Never reset this workflow, and never pause or reset `createLabel`: that would send a create twice.
 * @param carried what the previous run knew, after continue-as-new
 */
export async function labelParcel(input: ParcelInput, carried?: Carried): Promise<LabelledParcel> {
  const { resumed, guarantee, timings } = validInput(input, isParcelInput);
  const { itemId, createAttempts, lateWatchId } = await exactlyOne({
    resumed,
    carried,
    guarantee,
    timings,
    activities: ACTIVITIES,
    continueAsNew: (known) => continueAsNew<typeof labelParcel>(input, known),
    item: 'label',
    service: 'carrier',
  });
  return { trackingNumber: itemId, creates: createAttempts, ...(lateWatchId === undefined ? {} : { lateWatchId }) };
}

import type { Phase, Progress } from '../contract/index.ts';
import type { OrderState, Step, Timings } from '../protocol/index.ts';
import { fenceOfState } from '../protocol/order-state.ts';
import { type Words, withArticle } from './words.ts';

/** When a step begins, and how to describe it. */
export interface Moment {
  readonly timings: Timings;
  readonly words: Words;
  /** What the order shows before it. */
  readonly before: Pick<Progress, 'phase' | 'untilMs'>;
  /** Epoch milliseconds. */
  readonly nowMs: number;
}

/** What an order shows when a step begins. */
export function progressAt(state: OrderState, step: Step, moment: Moment): Partial<Progress> {
  const fenceMs = fenceOfState(state, moment.timings);
  return {
    phase: phaseOf(step),
    detail: detailOf(step, moment.words),
    guarantee: state.guarantee,
    createAttempts: state.createAttempts,
    cancelRequested: state.cancelRequested,
    voidedItemIds: state.seen.voidedItemIds,
    untilMs: untilMsOf(state, step, moment),
    ...(fenceMs === undefined ? {} : { fenceMs }),
  };
}

/** When a create or a wait ends at the latest. */
function untilMsOf(state: OrderState, step: Step, { timings, before, nowMs }: Moment): number | undefined {
  switch (step.kind) {
    case 'create':
      return state.lastDeadlineMs;
    case 'wait': {
      const fenceMs = fenceOfState(state, timings);
      // Absence counts once the clock of the service is past the fence for certain.
      return step.why === 'settling' && fenceMs !== undefined ? fenceMs + timings.clockSkewMs : nowMs + step.ms;
    }
    case 'validate':
    case 'read guarantee':
      // A check between two pauses does not end the settling.
      return before.phase === 'settling' || before.phase === 'validating' ? before.untilMs : undefined;
    default:
      return undefined;
  }
}

function phaseOf(step: Step): Phase {
  switch (step.kind) {
    case 'wait':
      return step.why;
    case 'create':
      return 'creating';
    case 'void':
      return 'voiding';
    case 'complete':
      return 'completed';
    case 'close':
      return step.as;
    case 'validate':
    case 'read guarantee':
      return 'validating';
  }
}

function detailOf(step: Step, { item, service }: Words): string {
  switch (step.kind) {
    case 'wait':
      return {
        settling: `checking for ${withArticle(item)} until the fence has passed`,
        'final check': `waiting to check again for a late ${item}`,
        'backing off': 'waiting before the next create',
      }[step.why];
    case 'create':
      return `creating the ${item}, once`;
    case 'void':
      return `voiding ${step.itemIds.join(', ')}`;
    case 'complete':
      return `has exactly one ${item}, ${step.itemId}`;
    case 'close':
      return `closed without ${withArticle(item)}`;
    case 'validate':
      return `checking which ${item}s exist`;
    case 'read guarantee':
      return `reading the guarantee of the ${service}`;
  }
}

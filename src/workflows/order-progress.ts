import { fenceOfState, type OrderState, type Step } from 'exactly-one';
import type { OrderPhase, OrderProgress, OrderSettings } from '../contracts/order.ts';

/** When a step begins: what the order shows before it, and the time in epoch milliseconds. */
interface Moment {
  readonly before: Pick<OrderProgress, 'phase' | 'untilMs'>;
  readonly nowMs: number;
}

/** What an order shows when a step begins. */
export function progressAt(
  state: OrderState,
  step: Step,
  settings: OrderSettings,
  moment: Moment,
): Partial<OrderProgress> {
  const fenceMs = fenceOfState(state, settings);
  return {
    phase: phaseOf(step),
    detail: detailOf(step),
    guarantee: state.guarantee,
    createAttempts: state.createAttempts,
    cancelRequested: state.cancelRequested,
    voidedTicketIds: state.seen.voidedItemIds,
    untilMs: untilMsOf(state, step, settings, moment),
    ...(fenceMs === undefined ? {} : { fenceMs }),
  };
}

/** When a create or a wait ends at the latest. */
function untilMsOf(
  state: OrderState,
  step: Step,
  settings: OrderSettings,
  { before, nowMs }: Moment,
): number | undefined {
  switch (step.kind) {
    case 'create':
      return state.lastDeadlineMs;
    case 'wait': {
      const fenceMs = fenceOfState(state, settings);
      // Absence counts once the clock of the ticket system is past the fence for certain.
      return step.why === 'settling' && fenceMs !== undefined ? fenceMs + settings.clockSkewMs : nowMs + step.ms;
    }
    case 'validate':
    case 'read guarantee':
      // A check between two pauses does not end the settling.
      return before.phase === 'settling' || before.phase === 'validating' ? before.untilMs : undefined;
    default:
      return undefined;
  }
}

function phaseOf(step: Step): OrderPhase {
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

function detailOf(step: Step): string {
  switch (step.kind) {
    case 'wait':
      return {
        settling: 'checking for a ticket until the fence has passed',
        'final check': 'waiting to check again for a late ticket',
        'backing off': 'waiting before the next create',
      }[step.why];
    case 'create':
      return 'creating the ticket, once';
    case 'void':
      return `voiding ${step.itemIds.join(', ')}`;
    case 'complete':
      return `has exactly one ticket, ${step.itemId}`;
    case 'close':
      return 'closed without a ticket';
    case 'validate':
      return 'checking which tickets exist';
    case 'read guarantee':
      return 'reading the guarantee of the ticket system';
  }
}

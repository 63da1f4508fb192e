import { condition, sleep } from '@temporalio/workflow';
import { type CreateOutcome, fenceOfState, type OrderState, type Step, type Steps } from 'exactly-one';
import type { OrderPhase, OrderProgress, OrderSettings } from '../contracts/order.ts';
import { cut } from '../contracts/secrets.ts';
import type { Cancellation } from './cancellation.ts';
import type { Continuation } from './continue-as-new.ts';
import type { OrderDisplay } from './order-display.ts';
import { MAX_SUMMARY_LENGTH, type TicketSystemSteps } from './ticket-system-steps.ts';

/** The steps of the loop `exactlyOne`, made of activities and timers. */
export function createOrderSteps(options: {
  readonly reservationId: string;
  readonly settings: OrderSettings;
  readonly ticketSystem: TicketSystemSteps;
  readonly display: OrderDisplay;
  readonly cancellation: Cancellation;
  readonly continuation: Continuation;
  /** Called before each step with the state to continue from, should the workflow continue as new. */
  readonly remember: (state: OrderState) => void;
}): Steps {
  const { reservationId, settings, ticketSystem, display, cancellation, continuation, remember } = options;
  return {
    nowMs: () => Date.now(),
    random: () => Math.random(),
    sleep: (ms) => {
      const summary = cut(display.current().detail, MAX_SUMMARY_LENGTH);
      return continuation.interruptible(() => sleep(ms, { summary }));
    },
    sleepUnlessCancelled: async (ms) => {
      await condition(cancellation.requested, ms);
    },
    validate: (seen) => ticketSystem.validate(reservationId, seen),
    create: (request) => ticketSystem.create(reservationId, request),
    voidItem: (ticketId, keep) => ticketSystem.voidTicket(reservationId, ticketId, keep),
    readGuarantee: async () => (await ticketSystem.getReservation(reservationId)).guarantee,
    cancelRequested: cancellation.requested,
    onStep: (state, step) => {
      remember(state);
      display.show(progressOf(state, step, settings));
      if (step.kind === 'wait' && step.why !== 'backing off') display.enterPhase(step.why);
    },
    onOutcome: (outcome) => display.addOutcome(describeOutcome(outcome)),
  };
}

function progressOf(state: OrderState, step: Step, settings: OrderSettings): Partial<OrderProgress> {
  const fenceMs = fenceOfState(state, settings);
  return {
    phase: phaseOf(step),
    detail: detailOf(step),
    guarantee: state.guarantee,
    createAttempts: state.createAttempts,
    cancelRequested: state.cancelRequested,
    voidedTicketIds: state.seen.voidedItemIds,
    untilMs: untilMsOf(state, step, settings),
    ...(fenceMs === undefined ? {} : { fenceMs }),
  };
}

/** When a create or a wait ends at the latest. */
function untilMsOf(state: OrderState, step: Step, settings: OrderSettings): number | undefined {
  if (step.kind === 'create') return state.lastDeadlineMs;
  if (step.kind !== 'wait') return undefined;
  const fenceMs = fenceOfState(state, settings);
  // Absence counts once the clock of the ticket system is past the fence for certain.
  return step.why === 'settling' && fenceMs !== undefined ? fenceMs + settings.clockSkewMs : Date.now() + step.ms;
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

function describeOutcome(outcome: CreateOutcome): string {
  return outcome.kind === 'committed' ? `committed: ${outcome.itemId}` : `${outcome.kind}: ${outcome.reason}`;
}

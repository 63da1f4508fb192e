import { condition, sleep, workflowInfo } from '@temporalio/workflow';
import { type CreateOutcome, fenceOfState, type OrderState, type Step, type Steps } from 'exactly-one';
import type { OrderPhase, OrderProgress, OrderSettings } from '../contracts/order.ts';
import type { Cancellation } from './cancellation.ts';
import type { OrderDisplay } from './order-display.ts';
import type { TicketSystemSteps } from './ticket-system-steps.ts';

/** The world as the loop `exactlyOne` sees it, made of activities and timers. */
export function createOrderSteps(options: {
  readonly reservationId: string;
  readonly settings: OrderSettings;
  readonly ticketSystem: TicketSystemSteps;
  readonly display: OrderDisplay;
  readonly cancellation: Cancellation;
  /** Kept up to date, to go on with should the history grow too long in the middle of a step. */
  readonly known: { state?: OrderState };
}): Steps {
  const { reservationId, settings, ticketSystem, display, cancellation, known } = options;
  return {
    nowMs: () => Date.now(),
    random: () => Math.random(),
    sleep: (ms) => sleep(ms, { summary: display.current().detail }),
    sleepUnlessCancelled: async (ms) => {
      await condition(cancellation.requested, ms);
    },
    validate: (seen) => ticketSystem.validate(reservationId, seen),
    create: (request) =>
      ticketSystem.create({ reservationId, ...request, attempt: display.current().createAttempts + 1 }),
    voidItem: (ticketId, keep) => ticketSystem.voidTicket(reservationId, ticketId, keep),
    readGuarantee: async () => (await ticketSystem.getReservation(reservationId)).guarantee,
    cancelRequested: cancellation.requested,
    mustContinueAsNew: () => workflowInfo().continueAsNewSuggested,
    onStep: (state, doing) => {
      known.state = state;
      display.show(progressOf(state, doing, settings));
      if (doing.kind === 'wait' && doing.why !== 'backing off') display.turn(doing.why);
    },
    onOutcome: (outcome) => display.addOutcome(describeOutcome(outcome)),
  };
}

function progressOf(state: OrderState, doing: Step, settings: OrderSettings): Partial<OrderProgress> {
  const fenceMs = fenceOfState(state, settings);
  return {
    phase: phaseOf(doing),
    detail: detailOf(doing),
    guarantee: state.guarantee,
    createAttempts: state.createAttempts,
    cancelRequested: state.cancelRequested,
    voidedTicketIds: state.seen.voidedItemIds,
    ...(fenceMs === undefined ? {} : { fenceMs }),
  };
}

function phaseOf(doing: Step): OrderPhase {
  switch (doing.kind) {
    case 'wait':
      return doing.why;
    case 'create':
      return 'creating';
    case 'void':
      return 'voiding';
    case 'complete':
      return 'completed';
    case 'close':
      return doing.as;
    case 'validate':
    case 'read guarantee':
      return 'validating';
  }
}

function detailOf(doing: Step): string {
  switch (doing.kind) {
    case 'wait':
      return {
        settling: 'settling: waits for the fence',
        'final check': 'waits for its final check',
        'backing off': 'backs off',
      }[doing.why];
    case 'create':
      return 'creates the ticket, once';
    case 'void':
      return `voids ${doing.itemIds.join(', ')}`;
    case 'complete':
      return `has its one ticket, ${doing.itemId}`;
    case 'close':
      return `closes without a ticket, ${doing.as}`;
    case 'validate':
      return 'checks which tickets exist';
    case 'read guarantee':
      return 'reads what the ticket system guarantees';
  }
}

function describeOutcome(outcome: CreateOutcome): string {
  return outcome.kind === 'committed' ? `committed: ${outcome.itemId}` : `${outcome.kind}: ${outcome.reason}`;
}

import { condition, sleep } from '@temporalio/workflow';
import type { CreateOutcome, OrderState, Steps } from 'exactly-one';
import { cut } from 'exactly-one/contract';
import type { OrderSettings } from '../contracts/order.ts';
import type { Cancellation } from './cancellation.ts';
import type { Continuation } from './continue-as-new.ts';
import type { OrderDisplay } from './order-display.ts';
import { progressAt } from './order-progress.ts';
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
  const pause = (ms: number) => {
    const summary = cut(display.current().detail, MAX_SUMMARY_LENGTH);
    return continuation.interruptible(() => sleep(ms, { summary }));
  };
  return {
    nowMs: () => Date.now(),
    random: () => Math.random(),
    sleep: pause,
    sleepUntilCheck: pause,
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
      display.show(progressAt(state, step, settings, { before: display.current(), nowMs: Date.now() }));
      if (step.kind === 'wait' && step.why !== 'backing off') display.enterPhase(step.why);
    },
    onOutcome: (outcome) => display.addOutcome(describeOutcome(outcome)),
  };
}

function describeOutcome(outcome: CreateOutcome): string {
  return outcome.kind === 'committed' ? `committed: ${outcome.itemId}` : `${outcome.kind}: ${outcome.reason}`;
}

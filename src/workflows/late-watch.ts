import { ApplicationFailure } from '@temporalio/common';
import { CancellationScope, continueAsNew, setCurrentDetails, sleep } from '@temporalio/workflow';
import { type WatchConclusion, type WatchState, lateWatch as watch } from 'exactly-one';
import { type FailureType, failures } from '../contracts/failures.ts';
import type { LateWatchInput, LateWatchResult } from '../contracts/order.ts';
import { type LateWatchArguments, readLateWatchArguments } from '../contracts/workflow-arguments.ts';
import { type Continuation, createContinuation } from './continue-as-new.ts';
import { untilGivenUp } from './give-up.ts';
import { validArguments } from './start.ts';
import { createTicketSystemSteps } from './ticket-system-steps.ts';

const FAILURES: Readonly<Record<Exclude<WatchConclusion['kind'], 'watched'>, FailureType>> = {
  'promised item gone': failures.promisedTicketGone,
  'void without effect': failures.voidWithoutEffect,
};

/**
 * The late watch of an order whose ticket system has no guarantee: long after the order has completed, it checks for
 * late tickets and voids them. It outlives the order, and can be given up but not cancelled.
 * @param given the input, and what to watch; after continue-as-new, what is left to watch
 * @throws `LateWatchInvalid`, `PromisedTicketGone`, `VoidWithoutEffect` or `GivenUp`
 */
export async function lateWatch(...given: LateWatchArguments): Promise<LateWatchResult> {
  const { input, initial } = validArguments(readLateWatchArguments(given), failures.lateWatchInvalid);
  const progress: WatchProgress = { state: initial, awakeAtMs: 0 };
  const continuation = createContinuation(() => continueAsNew<typeof lateWatch>(input, leftToWatch(progress)));
  return CancellationScope.nonCancellable(() =>
    Promise.race([
      watchToTheEnd(input, progress, continuation),
      untilGivenUp(`the late watch of ${input.orderId}`, setCurrentDetails),
      continuation.whenSuggested(),
    ]),
  );
}

interface WatchProgress {
  state: WatchState;
  /** When the last pause that was begun ends: epoch milliseconds. */
  awakeAtMs: number;
}

/** The next run waits only for the rest of a pause: interrupting it again and again must not put off its check. */
function leftToWatch({ state, awakeAtMs }: WatchProgress): WatchState {
  const [pauseMs = 0, ...later] = state.lateWatchMs;
  const restMs = Math.max(0, awakeAtMs - Date.now());
  return { ...state, lateWatchMs: state.lateWatchMs.length === 0 ? [] : [Math.min(pauseMs, restMs), ...later] };
}

async function watchToTheEnd(
  { orderId, reservationId, settings }: LateWatchInput,
  progress: WatchProgress,
  continuation: Continuation,
): Promise<LateWatchResult> {
  const ticketSystem = createTicketSystemSteps(orderId, settings, continuation);
  const { kind, voidedItemIds: voidedTicketIds } = await watch(progress.state, {
    sleep: (ms) => {
      progress.awakeAtMs = Date.now() + ms;
      return continuation.interruptible(() => sleep(ms, { summary: 'Wait for the next late check' }));
    },
    validate: (seen) => ticketSystem.validate(reservationId, seen),
    voidItem: (ticketId, keep) => ticketSystem.voidTicket(reservationId, ticketId, keep),
    remember: (changed) => {
      progress.state = changed;
    },
  });
  setCurrentDetails(`${kind}; voided: ${voidedTicketIds.join(', ') || 'none'}`);
  if (kind !== 'watched') {
    throw ApplicationFailure.nonRetryable(`the late watch of ${orderId}: ${kind}`, FAILURES[kind], { voidedTicketIds });
  }
  return { promisedTicketId: progress.state.promisedItemId, voidedTicketIds };
}

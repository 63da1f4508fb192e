import { ApplicationFailure } from '@temporalio/common';
import { CancellationScope, continueAsNew, setCurrentDetails, sleep, workflowInfo } from '@temporalio/workflow';
import { type WatchConclusion, type WatchState, lateWatch as watch } from 'exactly-one';
import { type FailureType, failures } from '../contracts/failures.ts';
import type { LateWatchInput, LateWatchResult } from '../contracts/order.ts';
import { type LateWatchArguments, readLateWatchArguments } from '../contracts/workflow-arguments.ts';
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
  return CancellationScope.nonCancellable(() =>
    Promise.race([
      watchToTheEnd(input, initial),
      untilGivenUp(`the late watch of ${input.orderId}`, setCurrentDetails),
    ]),
  );
}

async function watchToTheEnd(input: LateWatchInput, initial: WatchState): Promise<LateWatchResult> {
  const { orderId, reservationId, settings } = input;
  let state = initial;
  const ticketSystem = createTicketSystemSteps(orderId, settings, async () => {
    if (workflowInfo().continueAsNewSuggested) await continueAsNew<typeof lateWatch>(input, state);
  });
  const { kind, voidedItemIds: voidedTicketIds } = await watch(initial, {
    sleep: (ms) => sleep(ms, { summary: 'Wait for the next late check' }),
    validate: (seen) => ticketSystem.validate(reservationId, seen),
    voidItem: (ticketId, keep) => ticketSystem.voidTicket(reservationId, ticketId, keep),
    remember: (changed) => {
      state = changed;
    },
  });
  setCurrentDetails(`${kind}; voided: ${voidedTicketIds.join(', ') || 'none'}`);
  if (kind !== 'watched') {
    throw ApplicationFailure.nonRetryable(`the late watch of ${orderId}: ${kind}`, FAILURES[kind], { voidedTicketIds });
  }
  return { promisedTicketId: state.promisedItemId, voidedTicketIds };
}

import { ApplicationFailure } from '@temporalio/common';
import { CancellationScope, continueAsNew, setCurrentDetails, sleep } from '@temporalio/workflow';
import { type WatchConclusion, type WatchState, lateWatch as watch } from 'exactly-one';
import { type FailureType, failures } from '../contracts/failures.ts';
import type { LateWatchInput, LateWatchResult } from '../contracts/order.ts';
import { untilGivenUp } from './give-up.ts';
import { HistoryTooLong } from './history-too-long.ts';
import { createTicketSystemSteps } from './ticket-system-steps.ts';

const FAILURES: Readonly<Record<Exclude<WatchConclusion['kind'], 'watched'>, FailureType>> = {
  'promised item gone': failures.promisedTicketGone,
  'void without effect': failures.voidWithoutEffect,
};

/**
 * The late watch of an order whose ticket system promises nothing: long after the order got its ticket it checks again,
 * and voids what came late. It outlives its order and cannot be cancelled, only given up.
 * @param begun what is to be watched, or what is left of it after continue-as-new
 */
export async function lateWatch(input: LateWatchInput, begun: WatchState): Promise<LateWatchResult> {
  return CancellationScope.nonCancellable(() =>
    Promise.race([watchToTheEnd(input, begun), untilGivenUp(`the late watch of ${input.orderId}`, setCurrentDetails)]),
  );
}

async function watchToTheEnd(input: LateWatchInput, begun: WatchState): Promise<LateWatchResult> {
  const { orderId, reservationId, settings } = input;
  const ticketSystem = createTicketSystemSteps(orderId, settings);
  let state = begun;
  try {
    const { kind, voidedItemIds: voidedTicketIds } = await watch(begun, {
      sleep: (ms) => sleep(ms, { summary: 'until the next late look' }),
      validate: (seen) => ticketSystem.validate(reservationId, seen),
      voidItem: (ticketId, keep) => ticketSystem.voidTicket(reservationId, ticketId, keep),
      remember: (changed) => {
        state = changed;
      },
    });
    setCurrentDetails(`${kind}; voided: ${voidedTicketIds.join(', ') || 'none'}`);
    if (kind !== 'watched') {
      throw ApplicationFailure.nonRetryable(`the late watch of ${orderId}: ${kind}`, FAILURES[kind], {
        voidedTicketIds,
      });
    }
    return { promisedTicketId: state.promisedItemId, voidedTicketIds };
  } catch (error) {
    if (error instanceof HistoryTooLong) return continueAsNew<typeof lateWatch>(input, state);
    throw error;
  }
}

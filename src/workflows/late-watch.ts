import { ApplicationFailure } from '@temporalio/common';
import { type LateWatchArguments, watchForLateItems } from 'exactly-one/workflow';
import { failures } from '../contracts/failures.ts';
import type { LateWatchResult } from '../contracts/order.ts';
import { maskSecrets } from '../contracts/secrets.ts';

/**
 * The late watch of an order whose ticket system has no guarantee: long after the order has completed, it checks for
 * late tickets and voids them. It outlives the order, and can be given up but not cancelled.
 * @param given the input, and what to watch; after continue-as-new, what is left to watch
 * @throws `LateWatchInvalid`, `PromisedTicketGone`, `VoidWithoutEffect` or `GivenUp`
 */
export async function lateWatch(...given: LateWatchArguments): Promise<LateWatchResult> {
  try {
    const { promisedItemId, voidedItemIds } = await watchForLateItems(given, maskSecrets);
    return { promisedTicketId: promisedItemId, voidedTicketIds: voidedItemIds };
  } catch (error) {
    if (!(error instanceof ApplicationFailure && error.type === failures.promisedItemGone)) throw error;
    throw ApplicationFailure.nonRetryable(error.message, failures.promisedTicketGone, ...(error.details ?? []));
  }
}

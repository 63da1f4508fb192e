import { failures } from '../contracts/failures.ts';
import type { OrderResult } from '../contracts/order.ts';
import { type FailureReason, type FailureWords, failureReason } from './failure-reason.ts';
import type { OrderHandle } from './submit-order.ts';

/** How an order ended, or why nobody can say. */
export type OrderEnding =
  | { readonly kind: 'ticket'; readonly result: OrderResult }
  | ({ readonly kind: 'no ticket'; readonly orderId: string } & FailureReason<OrderCode>);

type OrderCode = 'ORDER_REJECTED' | 'ORDER_INVALID' | 'CANCELLED' | 'GIVEN_UP';

const WORDS: FailureWords<OrderCode> = {
  what: 'order',
  cancelled: 'the order was cancelled; it has no ticket',
  terminated: 'the order was terminated, nobody knows whether a ticket exists; submit it again to find out',
  codes: {
    [failures.orderRejected]: 'ORDER_REJECTED',
    [failures.orderInvalid]: 'ORDER_INVALID',
    [failures.orderCancelled]: 'CANCELLED',
    [failures.givenUp]: 'GIVEN_UP',
  },
};

/** Waits for the end of an order. Never throws. */
export async function endingOf(orderId: string, handle: Pick<OrderHandle, 'result'>): Promise<OrderEnding> {
  try {
    return { kind: 'ticket', result: await handle.result() };
  } catch (error) {
    return { kind: 'no ticket', orderId, ...failureReason(error, WORDS) };
  }
}

import { WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure, CancelledFailure, TerminatedFailure, TimeoutFailure } from '@temporalio/common';
import { failures } from '../contracts/failures.ts';
import type { OrderResult } from '../contracts/order.ts';
import type { OrderHandle } from './submit-order.ts';

/** How an order ended, or why nobody can say. */
export type OrderEnding =
  | { readonly kind: 'ticket'; readonly result: OrderResult }
  | { readonly kind: 'no ticket'; readonly orderId: string; readonly error: string; readonly code: EndingCode };

export type EndingCode =
  | 'ORDER_REJECTED'
  | 'ORDER_INVALID'
  | 'CANCELLED'
  | 'GIVEN_UP'
  | 'TERMINATED'
  | 'TIMED_OUT'
  | 'FAILED'
  /** The order goes on; only the way to it is lost. */
  | 'TEMPORAL_UNREACHABLE';

const CODES: Readonly<Record<string, EndingCode>> = {
  [failures.orderRejected]: 'ORDER_REJECTED',
  [failures.orderInvalid]: 'ORDER_INVALID',
  [failures.orderCancelled]: 'CANCELLED',
  [failures.givenUp]: 'GIVEN_UP',
};

/** Waits for the end of an order. Never throws. */
export async function endingOf(orderId: string, handle: Pick<OrderHandle, 'result'>): Promise<OrderEnding> {
  try {
    return { kind: 'ticket', result: await handle.result() };
  } catch (error) {
    return { kind: 'no ticket', orderId, ...reasonOf(error) };
  }
}

function reasonOf(error: unknown): { error: string; code: EndingCode } {
  if (!(error instanceof WorkflowFailedError)) {
    const message = error instanceof Error ? error.message : String(error);
    return { error: `the connection to Temporal is lost, the order goes on: ${message}`, code: 'TEMPORAL_UNREACHABLE' };
  }
  const { cause } = error;
  if (cause instanceof CancelledFailure)
    return { error: 'the order was cancelled; it has no ticket', code: 'CANCELLED' };
  if (cause instanceof TerminatedFailure) {
    return {
      error: 'the order was terminated, nobody knows whether a ticket exists; submit it again to find out',
      code: 'TERMINATED',
    };
  }
  if (cause instanceof TimeoutFailure) return { error: cause.message, code: 'TIMED_OUT' };
  const code = cause instanceof ApplicationFailure ? CODES[cause.type ?? ''] : undefined;
  return { error: cause === undefined ? error.message : messages(cause), code: code ?? 'FAILED' };
}

/** The messages of a failure and its causes: the outer ones of Temporal's failures say little. */
function messages(failure: Error): string {
  return failure.cause instanceof Error ? `${failure.message}: ${messages(failure.cause)}` : failure.message;
}

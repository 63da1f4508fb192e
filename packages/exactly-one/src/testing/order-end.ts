import { ApplicationFailure, CancelledFailure, WorkflowFailedError } from '@temporalio/client';
import { failures } from '../contract/failures.ts';

/** How an order ended, as its workflow says. */
export type OrderEnd =
  | { readonly kind: 'completed'; readonly itemId: string }
  | { readonly kind: 'cancelled' | 'rejected' }
  /** Nobody knows from it whether there is an item. */
  | { readonly kind: 'failed'; readonly reason: string };

/** An order that has ended, with its late watches. */
export interface EndedOrder {
  readonly orderId: string;
  /** What was done to it: `terminated and submitted again`. */
  readonly action: string;
  /** It was submitted again while a create of its first run could still commit. */
  readonly isResumed?: boolean;
  readonly end: OrderEnd;
  /** The ids of its live items, at quiescence. */
  readonly live: readonly string[];
  /** Why its late watch failed. */
  readonly watchFailure?: string | undefined;
}

/** @throws any error that is not the failure of the workflow */
export function endOfFailure(error: unknown): OrderEnd {
  if (!(error instanceof WorkflowFailedError)) throw error;
  const { cause } = error;
  if (cause instanceof CancelledFailure) return { kind: 'cancelled' };
  const type = cause instanceof ApplicationFailure ? cause.type : undefined;
  if (type === failures.orderCancelled) return { kind: 'cancelled' };
  if (type === failures.orderRejected) return { kind: 'rejected' };
  return { kind: 'failed', reason: cause?.message ?? error.message };
}

/** What is wrong, one sentence for each order: nothing if each has exactly the items that it must have. */
export function problemsOf(orders: readonly EndedOrder[]): readonly string[] {
  return orders.flatMap((order) => {
    const problem = problemOf(order);
    return problem === undefined ? [] : [`${order.orderId} ${problem} (${order.action})${hintFor(order)}`];
  });
}

/** The usual mistake behind a second item. */
function hintFor({ isResumed = false, live }: EndedOrder): string {
  return isResumed && live.length > 1 ? '. Right: the workflow passes resumed of its input on to exactlyOne' : '';
}

/** A message that someone else wrote, to stand within a sentence. */
export function withoutFullStop(text: string): string {
  return text.replace(/[.\s]+$/, '');
}

function problemOf({ end, live, watchFailure }: EndedOrder): string | undefined {
  const existing = live.length === 0 ? 'no item is live' : `live: ${live.join(', ')}`;
  switch (end.kind) {
    case 'failed':
      return `failed, so nobody knows whether it has an item: ${withoutFullStop(end.reason)}; ${existing}`;
    case 'cancelled':
    case 'rejected':
      return live.length === 0 ? undefined : `was ${end.kind} and must have no item; ${existing}`;
    case 'completed':
      if (live.length !== 1) return `returned ${end.itemId} and must have exactly one item; ${existing}`;
      if (live[0] !== end.itemId) return `returned ${end.itemId}, but another item is the live one; ${existing}`;
      return watchFailure === undefined ? undefined : `has a late watch that failed: ${withoutFullStop(watchFailure)}`;
  }
}

import type { Guarantee } from '../protocol/index.ts';

/** What an order is doing, in one word or two. */
export type Phase =
  | 'preparing'
  | 'validating'
  | 'creating'
  | 'settling'
  | 'backing off'
  | 'voiding'
  | 'final check'
  | 'completed'
  | 'rejected'
  | 'cancelled'
  | 'resolved'
  | 'given up';

/** What an order is doing, and what it knows: the result of the query `exactlyOneProgress`. */
export interface Progress {
  readonly orderId: string;
  readonly phase: Phase;
  /** What the order is doing or waiting for, for people to read. */
  readonly detail: string;
  /** The weakest guarantee seen; undefined until it is known. */
  readonly guarantee?: Guarantee;
  readonly createAttempts: number;
  /** Outcomes of the creates, oldest first, at most the last 50. */
  readonly outcomes: readonly string[];
  /** Epoch milliseconds; no create sent so far can commit after this time. */
  readonly fenceMs?: number;
  /** Epoch milliseconds: when the create that is under way, or what the order waits for, ends at the latest. */
  readonly untilMs?: number | undefined;
  /** The order's one item, once the order has completed. */
  readonly itemId?: string;
  readonly voidedItemIds: readonly string[];
  readonly cancelRequested: boolean;
}

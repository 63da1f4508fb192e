import type { Guarantee, Timings } from 'exactly-one';

/** Input of `processOrder`; its workflow id is the order id. */
export interface OrderInput {
  readonly orderId: string;
  /** True when an earlier run of this order was closed without a result: its create may still be in flight. */
  readonly resumed?: boolean;
}

export interface OrderResult {
  readonly orderId: string;
  readonly reservationId: string;
  readonly ticketId: string;
  readonly createAttempts: number;
  readonly voidedTicketIds: readonly string[];
  /** Present when a cancellation was asked for after the order had its ticket. */
  readonly cancellation?: 'came too late';
}

/** What an order keeps for its whole life, read once from the worker's settings. */
export interface OrderSettings extends Timings {
  /** Whether the namespace has the search attributes that an order sets. */
  readonly searchAttributes: boolean;
}

export type OrderPhase =
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
  | 'given up';

/** Answer of the query `orderProgress`. */
export interface OrderProgress {
  readonly orderId: string;
  readonly phase: OrderPhase;
  /** What the order does or waits for, for people. */
  readonly detail: string;
  readonly reservationId?: string;
  readonly guarantee?: Guarantee;
  readonly createAttempts: number;
  /** Of each create, newest last, at most 50: what came of it. */
  readonly outcomes: readonly string[];
  /** Epoch milliseconds; no create sent so far can commit after it. */
  readonly fenceMs?: number;
  readonly ticketId?: string;
  readonly voidedTicketIds: readonly string[];
  readonly cancelRequested: boolean;
}

/** Input of `lateWatch`. */
export interface LateWatchInput {
  readonly orderId: string;
  readonly reservationId: string;
  readonly settings: OrderSettings;
}

export interface LateWatchResult {
  readonly promisedTicketId: string;
  /** Tickets that came late and were voided by this watch. */
  readonly voidedTicketIds: readonly string[];
}

import type { Guarantee, OrderState, Timings } from 'exactly-one';
import type { Reservation } from './ticket-activities.ts';

/** Input of `processOrder`; its workflow id is the order id. */
export interface OrderInput {
  readonly orderId: string;
  /** True when an earlier run of this order was closed without a result: its create may still be in flight. Default: false. */
  readonly resumed?: boolean;
}

/** What an order knows, and hands to its next run when it continues as new. */
export interface CarriedOrder {
  settings?: OrderSettings;
  reservation?: Reservation;
  /** Always includes every create that may have been sent. */
  state?: OrderState;
  outcomes?: readonly string[];
  cancelRequested?: boolean;
  /** All tokens issued earlier are refused: epoch milliseconds. */
  notIssuedBeforeMs?: number;
}

export interface OrderResult {
  readonly orderId: string;
  readonly reservationId: string;
  readonly ticketId: string;
  readonly createAttempts: number;
  readonly voidedTicketIds: readonly string[];
  /** Present when a cancellation was requested after the order had its ticket. */
  readonly cancellation?: 'came too late';
}

/** Settings that hold for an order's whole life, read once from its worker. */
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

/** Result of the query `orderProgress`. */
export interface OrderProgress {
  readonly orderId: string;
  readonly phase: OrderPhase;
  /** What the order is doing or waiting for, for people to read. */
  readonly detail: string;
  readonly reservationId?: string;
  readonly guarantee?: Guarantee;
  readonly createAttempts: number;
  /** Outcomes of the creates, oldest first, at most the last 50. */
  readonly outcomes: readonly string[];
  /** Epoch milliseconds; no create sent so far can commit after this time. */
  readonly fenceMs?: number;
  /** Epoch milliseconds: when the create that is under way, or what the order waits for, ends at the latest. */
  readonly untilMs?: number | undefined;
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

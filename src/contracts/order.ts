import type { ResolutionRecord, Timings } from 'exactly-one';
import type { Phase, Progress } from 'exactly-one/contract';
import type { Carried } from 'exactly-one/workflow';

/** Input of `processOrder`; its workflow id is the order id. */
export interface OrderInput {
  readonly orderId: string;
  /** True when an earlier run of this order was closed without a result: its create may still be in flight. Default: false. */
  readonly resumed?: boolean;
}

/** What an order knows, and hands to its next run when it continues as new. */
export interface CarriedOrder {
  /** What the protocol knows. */
  readonly protocol?: Carried;
  readonly reservationId?: string;
  readonly searchAttributes?: boolean;
}

export interface OrderResult {
  readonly orderId: string;
  readonly reservationId: string;
  readonly ticketId: string;
  readonly createAttempts: number;
  readonly voidedTicketIds: readonly string[];
  /** Present when a cancellation was requested after the order had its ticket. */
  readonly cancellation?: 'came too late';
  /** Present when a person has said that the order has this ticket. */
  readonly resolution?: ResolutionRecord;
}

/** What a person has said about an order that nobody could check. It is no proof. */
export type Claim = ResolutionRecord & ({ readonly ticketId: string } | { readonly none: true });

/** The field of an order's memo that holds its `Claim`, so that a list of orders shows it. */
export const CLAIM_MEMO = 'claim';

/** Settings that hold for an order's whole life, read once from its worker. */
export interface OrderSettings extends Timings {
  /** Whether the namespace has the search attributes that an order sets. */
  readonly searchAttributes: boolean;
}

export type OrderPhase = Phase;

/** Result of the query `orderProgress`. */
export interface OrderProgress extends Omit<Progress, 'itemId' | 'voidedItemIds'> {
  readonly reservationId?: string;
  readonly ticketId?: string;
  readonly voidedTicketIds: readonly string[];
}

export interface LateWatchResult {
  readonly promisedTicketId: string;
  /** Tickets that came late and were voided by this watch. */
  readonly voidedTicketIds: readonly string[];
}

import type { Guarantee, ItemList, SeenItems, VoidResult } from 'exactly-one';
import type { OrderSettings } from './order.ts';

export interface Token {
  readonly token: string;
  /** Epoch milliseconds. */
  readonly expiresAtMs: number;
}

export interface Reservation {
  readonly reservationId: string;
  readonly guarantee: Guarantee;
}

export interface CreateTicketRequest {
  readonly orderId: string;
  readonly reservationId: string;
  readonly token: string;
  /** Epoch milliseconds, fixed by the workflow: the create is not sent after it and not waited for beyond it. */
  readonly deadlineMs: number;
  /** The whole time a create may take, of this order. */
  readonly createDeadlineMs: number;
  /** Only for a ticket system that guarantees idempotency keys. */
  readonly idempotencyKey?: string;
}

export interface TicketsRequest {
  readonly orderId: string;
  readonly reservationId: string;
  readonly token: string;
}

export interface VoidTicketRequest extends TicketsRequest {
  readonly ticketId: string;
  /** The ticket that stays; null when the order is cancelled. */
  readonly keep: string | null;
  /** A void without a keeper may take this long from when it is scheduled. */
  readonly createDeadlineMs: number;
}

/**
 * What the workflows may ask of the worker. All but `createTicket` are safe to repeat and are retried by Temporal.
 * Failures are of the types in `failures.ts`.
 */
export interface TicketActivities {
  /** The worker's timings, recorded once in an order's history so that they hold for its whole life. */
  getOrderSettings(): Promise<OrderSettings>;
  getToken(): Promise<Token>;
  /** The reservation of an order: always the same one. `expected` is the one that was seen before. */
  getReservation(request: { orderId: string; token: string; expected?: string }): Promise<Reservation>;
  /**
   * Sends one create. Returns the id of the ticket that the ticket system says it made.
   * @throws `CreateNotSent`, `CreateRejected` or `CreateOutcomeUnknown`, with {@link CreateFailureDetails}; never retried.
   */
  createTicket(request: CreateTicketRequest): Promise<{ ticketId: string }>;
  /** The tickets of an order, from a complete response that lacks nothing of what was seen before. */
  validateTicket(request: TicketsRequest & { seen: SeenItems }): Promise<ItemList>;
  /** Takes a ticket out of circulation while `keep` is live; `keep` is null when the order is cancelled. */
  voidTicket(request: VoidTicketRequest): Promise<VoidResult>;
}

/** Details of the three failures of `createTicket`. */
export interface CreateFailureDetails {
  readonly reason: string;
  /** HTTP code of a rejection, such as PAYMENT_DECLINED. */
  readonly code?: string;
  /** Do not send another create before this has passed. */
  readonly retryAfterMs?: number;
  /** The ticket system answered 401: get a new token before the next call. */
  readonly tokenRefused?: boolean;
}

import type { CreateRequest, Guarantee, ItemList, SeenItems, VoidResult } from 'exactly-one';
import type { OrderSettings } from './order.ts';

/**
 * What the token of a request must satisfy. Histories contain this and never a token: each worker process obtains and
 * keeps tokens of its own.
 */
export interface TokenRequirement {
  /** Tokens issued earlier have been refused, or may be: epoch milliseconds. 0: none has. */
  readonly notIssuedBeforeMs: number;
  /** The token must still be valid at this time: epoch milliseconds. */
  readonly validUntilMs: number;
}

export interface Reservation {
  readonly reservationId: string;
  readonly guarantee: Guarantee;
}

/** What every request about the tickets of an order needs. */
export interface TicketsRequest {
  readonly orderId: string;
  readonly reservationId: string;
  readonly token: TokenRequirement;
}

/** One create. It has a key only where the ticket system guarantees idempotency keys. */
export interface CreateTicketRequest
  extends TicketsRequest,
    Pick<CreateRequest, 'deadlineMs' | 'createDeadlineMs'>,
    Partial<Pick<CreateRequest, 'idempotencyKey'>> {}

export interface VoidTicketRequest extends TicketsRequest {
  readonly ticketId: string;
  /** The ticket that stays; null when the order is being cancelled. */
  readonly keep: string | null;
  /** The most time that a void without a keeper may take from the moment it is scheduled. */
  readonly createDeadlineMs: number;
}

/**
 * The ticket system as workflows call it. All activities but `createTicket` are safe to repeat, and Temporal retries
 * them. Their failures have the types of `failures.ts`.
 */
export interface TicketActivities {
  /** The worker's settings. An order records them once, so that they hold for its whole life. */
  getOrderSettings(): Promise<OrderSettings>;
  /**
   * Makes its worker obtain a token, unless it has one that satisfies the requirement.
   * @returns until when the token of this worker is valid; that of another worker may expire earlier
   */
  getToken(required: TokenRequirement): Promise<Pick<TokenRequirement, 'validUntilMs'>>;
  /**
   * The reservation of an order, which is always the same one.
   * @param request.expected the reservation id of an earlier response, if there was one
   */
  getReservation(request: { orderId: string; token: TokenRequirement; expected?: string }): Promise<Reservation>;
  /**
   * Sends one create. Never retried.
   * @returns the id of the ticket that the ticket system claims to have made
   * @throws `CreateNotSent`, `CreateRejected` or `CreateOutcomeUnknown`, with `CreateFailureDetails`
   */
  createTicket(request: CreateTicketRequest): Promise<{ ticketId: string }>;
  /** The tickets of an order, from a complete response that lacks nothing in `seen`. */
  validateTicket(request: TicketsRequest & { seen: SeenItems }): Promise<ItemList>;
  /** Takes a ticket out of circulation, provided that `keep` is live or null. */
  voidTicket(request: VoidTicketRequest): Promise<VoidResult>;
}

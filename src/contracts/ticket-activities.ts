import type { CreateRequest, Guarantee, ItemList, SeenItems, VoidResult } from 'exactly-one';
import type { CredentialsRequirement, ObtainedCredentials } from 'exactly-one/contract';
import type { OrderSettings } from './order.ts';

export interface Reservation {
  readonly reservationId: string;
  readonly guarantee: Guarantee;
}

/** What every request about the tickets of an order needs. */
export interface TicketsRequest {
  readonly orderId: string;
  readonly reservationId: string;
  readonly token: CredentialsRequirement;
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
  getToken(required: CredentialsRequirement): Promise<ObtainedCredentials>;
  /**
   * The reservation of an order, which is always the same one.
   * @param request.expected the reservation id of an earlier response, if there was one
   */
  getReservation(request: { orderId: string; token: CredentialsRequirement; expected?: string }): Promise<Reservation>;
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

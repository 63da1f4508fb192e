import type { Guarantee } from 'exactly-one';
import type {
  ActivityRequest,
  CredentialsRequirement,
  ObtainedCredentials,
  OrderActivities,
} from 'exactly-one/contract';
import type { OrderSettings } from './order.ts';

export interface Reservation {
  readonly reservationId: string;
  readonly guarantee: Guarantee;
}

/** The first argument of the activities about the tickets of an order. */
export interface TicketInput {
  readonly reservationId: string;
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
   * @param input the reservation id of an earlier response, if there was one
   */
  getReservation(input: Partial<TicketInput>, request: ActivityRequest): Promise<Reservation>;
  /** Sends one create. Its key is sent only where the ticket system guarantees idempotency keys. */
  createTicket: OrderActivities<TicketInput>['create'];
  validateTicket: OrderActivities<TicketInput>['list'];
  voidTicket: OrderActivities<TicketInput>['void'];
}

import type { Guarantee } from 'exactly-one';
import type { FastifyBaseLogger } from 'fastify';
import type {
  AcceptedResponse,
  PaymentMethodResponse,
  ReservationResponse,
  TicketListResponse,
  TicketResponse,
  TokenResponse,
} from '../../contracts/ticket-system.ts';
import { createKeysInFlight } from '../http/keys-in-flight.ts';
import { type AcceptedDelay, type CreateCommand, createTickets } from './create-ticket.ts';
import type { Database } from './database.ts';
import { type Ids, paymentInfoOf } from './generated-values.ts';
import type { OrderLock, WithTickets } from './order-lock.ts';
import { timeOf } from './records.ts';
import type { ServiceClock } from './service-clock.ts';
import { ticketListResponse } from './ticket-responses.ts';
import type { Tokens } from './tokens.ts';
import { type VoidCommand, voidTicket } from './void-ticket.ts';

/** What the ticket system does, without HTTP. Everything about an order happens under the lock of the order. */
export interface TicketService {
  issueToken(): Promise<TokenResponse>;
  /** The reservation of an order: created by the first call, with the guarantee that is configured then. */
  reserve(orderId: string): Promise<ReservationResponse>;
  /** The vault: the card of a reservation. */
  readPaymentMethod(reservationId: string): Promise<PaymentMethodResponse>;
  /** @throws HttpProblem if the create is refused, such as one that is too late or whose key was used before */
  create(command: CreateCommand): Promise<TicketResponse | AcceptedResponse>;
  /**
   * Accepts a create now and finishes it later, or drops it when it would be too late.
   * @param delay until it is finished
   * @returns the ticket, if the create repeats one that has committed
   * @throws HttpProblem like `create`
   */
  accept(command: CreateCommand, delay: AcceptedDelay): Promise<TicketResponse | AcceptedResponse>;
  /** All tickets of an order, voided ones too. */
  list(orderId: string): Promise<TicketListResponse>;
  /** @throws HttpProblem if the ticket is unknown, its keeper is not live or the deadline has passed */
  voidTicket(command: VoidCommand): Promise<TicketResponse>;
}

/** What a ticket service is made of. */
export interface TicketServiceParts extends Pick<Database, 'reservations' | 'tickets' | 'ledger'> {
  readonly lock: OrderLock;
  readonly withTickets: WithTickets;
  readonly clock: ServiceClock;
  readonly tokens: Tokens;
  readonly ids: Ids;
  /** The guarantee of reservations that are created from now on. */
  readonly guarantee: Guarantee;
  /** How long after its deadline an accepted create may be finished, where there is a guarantee. */
  readonly acceptWithinMs: number;
  /** Called with work that goes on after its request was answered. */
  readonly goesOn: (work: Promise<unknown>) => void;
  readonly log: FastifyBaseLogger;
}

export function createTicketService(parts: TicketServiceParts): TicketService {
  const { reservations, lock, withTickets, clock, tokens, ids, guarantee, log } = parts;

  async function findOrCreateReservation(orderId: string) {
    const found = await reservations.find(orderId);
    if (found !== undefined) return found;
    const reservation = { orderID: orderId, reservationID: ids.reservationId(orderId), guarantee };
    await reservations.add(reservation);
    log.debug({ orderId }, 'reservation created');
    return reservation;
  }

  return {
    async issueToken() {
      const { token, expiresAtMs } = tokens.issue(clock.nowMs());
      return { token, expiresAt: timeOf(expiresAtMs) };
    },
    async reserve(orderId) {
      const reservation = await lock(orderId, () => findOrCreateReservation(orderId));
      return { orderId, reservationId: reservation.reservationID, guarantee: reservation.guarantee };
    },
    readPaymentMethod: async (reservationId) => ({ paymentInfo: paymentInfoOf(reservationId) }),
    ...createTickets(parts, createKeysInFlight()),
    list: (orderId) => withTickets(orderId, async (stored, nowMs) => ticketListResponse(stored, nowMs)),
    voidTicket: voidTicket(parts),
  };
}

import type { CreateExchange, ListedItem } from 'exactly-one';
import { Type } from 'typebox';
import { CARD_NUMBER_IN_ID_PATTERN } from '../contracts/card-numbers.ts';
import { headers as header } from '../contracts/http.ts';
import type { Reservation, Token } from '../contracts/ticket-activities.ts';
import { ReservationResponse, TicketListResponse, TicketResponse } from '../contracts/ticket-system.ts';
import { ask, errorCodeOf, ReceivedTime, readJson, readTimeMs, retryAfterMsOf } from './read-response.ts';
import { sendRequest } from './send-request.ts';

export type TicketSystem = ReturnType<typeof createTicketSystemClient>;

/** How one call is made; every call has its time-out. */
export interface Call {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  readonly token?: string;
}

// Ids go into addresses, histories, search attributes and logs: one that does not fit there, or contains a card number,
// is refused.
const ReceivedId = Type.String({ pattern: `^(?!\\.{1,2}$)(?!.*${CARD_NUMBER_IN_ID_PATTERN})[!-~]{1,200}$` });
const ReceivedReservation = Type.Object({ ...ReservationResponse.properties, reservationId: ReceivedId });
// Other implementations of the contract may give times as numbers; ours gives texts.
const ReceivedToken = Type.Object({
  // What no header can carry is no token.
  token: Type.String({ pattern: '^[!-~]{1,8192}$' }),
  expiresAt: ReceivedTime,
});
const ReceivedTicket = Type.Object({
  ...TicketResponse.properties,
  reservationId: ReceivedId,
  ticketId: ReceivedId,
  createdAt: ReceivedTime,
});
const ReceivedTicketList = Type.Object({
  ...TicketListResponse.properties,
  tickets: Type.Array(ReceivedTicket),
  asOf: ReceivedTime,
});

/**
 * A typed client of the ticket system's HTTP interface. All but `createTicket` throw the errors of `read-response.ts`.
 * @param baseUrl without a slash at the end
 */
export function createTicketSystemClient({ baseUrl }: { readonly baseUrl: string }) {
  const to = (path: string, call: Call, extraHeaders: Readonly<Record<string, string>> = {}) => ({
    url: `${baseUrl}${path}`,
    timeoutMs: call.timeoutMs,
    ...(call.signal === undefined ? {} : { signal: call.signal }),
    headers: { ...(call.token === undefined ? {} : { authorization: `Bearer ${call.token}` }), ...extraHeaders },
  });
  const ticketsOf = (orderId: string) => `/orders/${encodeURIComponent(orderId)}/tickets`;

  return {
    async createToken(call: Call): Promise<Token> {
      const answer = await ask({ method: 'POST', ...to('/tokens', call) }, 201, ReceivedToken);
      return { token: answer.token, expiresAtMs: readTimeMs(answer.expiresAt) };
    },

    async getReservation(orderId: string, call: Call): Promise<Reservation & { orderId: string }> {
      const path = `/orders/${encodeURIComponent(orderId)}/reservation`;
      return ask({ method: 'GET', ...to(path, call) }, 200, ReceivedReservation);
    },

    /** The raw text of the vault's answer: it may need repair, and must not be logged. */
    async getPaymentMethod(reservationId: string, source: 'primary' | 'backup', call: Call) {
      const path = `/payment-methods/${encodeURIComponent(reservationId)}?source=${source}`;
      return sendRequest({ method: 'GET', ...to(path, call) });
    },

    async listTickets(orderId: string, call: Call): Promise<{ items: ListedItem[]; asOfMs: number }> {
      const answer = await ask({ method: 'GET', ...to(ticketsOf(orderId), call) }, 200, ReceivedTicketList);
      const items = answer.tickets.map((ticket) => ({
        orderId: ticket.orderId,
        reservationId: ticket.reservationId,
        itemId: ticket.ticketId,
        createdAtMs: readTimeMs(ticket.createdAt),
        voided: ticket.voided,
      }));
      return { items, asOfMs: readTimeMs(answer.asOf) };
    },

    /** Sends one create and reports what was exchanged; never throws, since nothing may be concluded from a throw. */
    async createTicket(
      create: {
        readonly orderId: string;
        readonly reservationId: string;
        readonly paymentInfo: string;
        readonly deadlineMs: number;
        readonly requestId: string;
        readonly idempotencyKey?: string;
      },
      call: Call,
    ): Promise<{ readonly exchange: CreateExchange; readonly retryAfterMs: number | undefined }> {
      const { orderId, reservationId, paymentInfo, deadlineMs, requestId, idempotencyKey } = create;
      const exchange = await sendRequest({
        method: 'POST',
        body: { reservationId, paymentInfo },
        ...to(ticketsOf(orderId), call, {
          [header.requestDeadline]: String(deadlineMs),
          [header.requestId]: requestId,
          ...(idempotencyKey === undefined ? {} : { [header.idempotencyKey]: idempotencyKey }),
        }),
      });
      if (exchange.kind === 'no response') return { exchange, retryAfterMs: undefined };
      const ticket = readJson(exchange, ReceivedTicket);
      const errorCode = errorCodeOf(exchange);
      return {
        exchange: {
          kind: 'response',
          status: exchange.status,
          ...(ticket === undefined
            ? {}
            : { item: { orderId: ticket.orderId, reservationId: ticket.reservationId, itemId: ticket.ticketId } }),
          ...(errorCode === undefined ? {} : { errorCode }),
        },
        retryAfterMs: retryAfterMsOf(exchange),
      };
    },

    /** @param voiding `deadlineMs` belongs to a void without a keeper, and only there */
    async voidTicket(
      voiding: {
        readonly orderId: string;
        readonly ticketId: string;
        readonly keep: string | null;
        readonly deadlineMs?: number;
      },
      call: Call,
    ) {
      const { orderId, ticketId, keep, deadlineMs } = voiding;
      const deadlineHeader = deadlineMs === undefined ? {} : { [header.requestDeadline]: String(deadlineMs) };
      return ask(
        {
          method: 'POST',
          body: { keep },
          ...to(`${ticketsOf(orderId)}/${encodeURIComponent(ticketId)}/void`, call, deadlineHeader),
        },
        200,
        ReceivedTicket,
      );
    },
  };
}

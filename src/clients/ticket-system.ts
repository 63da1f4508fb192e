import type { AcceptedOperation, ListedItem } from 'exactly-one';
import { MAX_FOREIGN_ID_LENGTH } from 'exactly-one/contract';
import { type HttpExchange, sendRequest } from 'exactly-one/http';
import { type Static, Type } from 'typebox';
import { hasCardNumber } from '../contracts/card-numbers.ts';
import { requestHeaders } from '../contracts/http.ts';
import type { Reservation } from '../contracts/ticket-activities.ts';
import {
  AcceptedResponse,
  ReservationResponse,
  TicketListResponse,
  TicketResponse,
} from '../contracts/ticket-system.ts';
import {
  errorCodeOf,
  ReceivedTime,
  readJson,
  readTimeMs,
  requestJson,
  retryAfterMsOf,
  sendWithToken,
} from './read-response.ts';

/** A create as the worker sends it: the workflow's request, and what only the worker knows. */
interface OutgoingCreate {
  readonly orderId: string;
  readonly reservationId: string;
  /** Epoch milliseconds. */
  readonly deadlineMs: number;
  readonly idempotencyKey?: string;
  readonly paymentInfo: string;
  readonly requestId: string;
}

export type TicketSystem = ReturnType<typeof createTicketSystemClient>;

export interface Token {
  readonly token: string;
  /** Epoch milliseconds, by the clock of the ticket system. */
  readonly expiresAtMs: number;
}

/** Options of one call. */
export interface TicketSystemCall {
  /** From the call to the last byte of the response. Zero or less: nothing is sent. */
  readonly timeoutMs: number;
  /** Asked immediately before the request is written; default: yes, within `timeoutMs`. */
  readonly mayStillBeSent?: () => boolean;
  readonly signal?: AbortSignal;
  /** Every call but `createToken` needs one. */
  readonly token?: string;
}

// Received ids go into URLs, histories, search attributes and logs, so they must fit there and contain no card number.
const ReceivedId = Type.Refine(
  Type.String({ pattern: `^(?!\\.{1,2}$)[!-~]{1,${MAX_FOREIGN_ID_LENGTH}}$` }),
  (id) => !hasCardNumber(id),
);
const ReceivedReservation = Type.Object({ ...ReservationResponse.properties, reservationId: ReceivedId });
// Other implementations of the interface may send times as numbers; ours sends text.
const ReceivedToken = Type.Object({
  // A token has to fit into a header.
  token: Type.String({ pattern: '^[!-~]{1,8192}$' }),
  expiresAt: ReceivedTime,
});
const ReceivedTicket = Type.Object({
  ...TicketResponse.properties,
  reservationId: ReceivedId,
  ticketId: ReceivedId,
  createdAt: ReceivedTime,
});
const ReceivedOperation = Type.Object({
  ...AcceptedResponse.properties,
  operationId: ReceivedId,
  readyAt: Type.Optional(ReceivedTime),
});
const ReceivedTicketList = Type.Object({
  ...TicketListResponse.properties,
  tickets: Type.Array(ReceivedTicket),
  asOf: ReceivedTime,
});

/**
 * A typed client of the ticket system's HTTP interface. All but `createTicket` throw the errors of `read-response.ts`.
 * @param baseUrl without a trailing slash
 */
export function createTicketSystemClient({ baseUrl }: { readonly baseUrl: string }) {
  const to = (path: string, call: TicketSystemCall, extraHeaders: Readonly<Record<string, string>> = {}) => ({
    url: `${baseUrl}${path}`,
    timeoutMs: call.timeoutMs,
    ...(call.mayStillBeSent === undefined ? {} : { mayStillBeSent: call.mayStillBeSent }),
    ...(call.signal === undefined ? {} : { signal: call.signal }),
    headers: { ...(call.token === undefined ? {} : { authorization: `Bearer ${call.token}` }), ...extraHeaders },
  });
  const ticketsOf = (orderId: string) => `/orders/${encodeURIComponent(orderId)}/tickets`;

  return {
    async createToken(call: TicketSystemCall): Promise<Token> {
      const response = await requestJson({ method: 'POST', ...to('/tokens', call) }, 201, ReceivedToken);
      return { token: response.token, expiresAtMs: readTimeMs(response.expiresAt) };
    },

    async getReservation(orderId: string, call: TicketSystemCall): Promise<Reservation & { orderId: string }> {
      const path = `/orders/${encodeURIComponent(orderId)}/reservation`;
      return requestJson({ method: 'GET', ...to(path, call) }, 200, ReceivedReservation);
    },

    /** The vault's response as raw text: it may need repair, and must not be logged. */
    async getPaymentMethod(reservationId: string, source: 'primary' | 'backup', call: TicketSystemCall) {
      const path = `/payment-methods/${encodeURIComponent(reservationId)}?source=${source}`;
      return sendRequest({ method: 'GET', ...to(path, call) });
    },

    async listTickets(orderId: string, call: TicketSystemCall): Promise<{ items: ListedItem[]; asOfMs: number }> {
      const response = await requestJson({ method: 'GET', ...to(ticketsOf(orderId), call) }, 200, ReceivedTicketList);
      const items = response.tickets.map((ticket) => ({
        orderId: ticket.orderId,
        reservationId: ticket.reservationId,
        itemId: ticket.ticketId,
        createdAtMs: readTimeMs(ticket.createdAt),
        voided: ticket.voided,
      }));
      return { items, asOfMs: readTimeMs(response.asOf) };
    },

    /** Sends one create and reports the exchange. Never throws: an error would say nothing about the outcome. */
    async createTicket(
      create: OutgoingCreate,
      call: TicketSystemCall,
    ): Promise<{ readonly exchange: HttpExchange; readonly retryAfterMs: number | undefined }> {
      const { orderId, reservationId, paymentInfo, deadlineMs, requestId, idempotencyKey } = create;
      const exchange = await sendWithToken({
        method: 'POST',
        body: { reservationId, paymentInfo },
        ...to(ticketsOf(orderId), call, {
          [requestHeaders.requestDeadline]: String(deadlineMs),
          [requestHeaders.requestId]: requestId,
          ...(idempotencyKey === undefined ? {} : { [requestHeaders.idempotencyKey]: idempotencyKey }),
        }),
      });
      if (exchange.kind !== 'response') return { exchange, retryAfterMs: undefined };
      const ticket = readJson(exchange, ReceivedTicket);
      const operation = readJson(exchange, ReceivedOperation);
      const errorCode = errorCodeOf(exchange);
      return {
        exchange: {
          kind: 'response',
          status: exchange.status,
          ...(ticket === undefined
            ? {}
            : { item: { orderId: ticket.orderId, reservationId: ticket.reservationId, itemId: ticket.ticketId } }),
          ...(operation === undefined ? {} : { operation: operationOf(operation) }),
          ...(errorCode === undefined ? {} : { errorCode }),
        },
        retryAfterMs: retryAfterMsOf(exchange),
      };
    },

    /** @param voiding `deadlineMs`: only for a void without a keeper */
    async voidTicket(
      voiding: {
        readonly orderId: string;
        readonly ticketId: string;
        readonly keep: string | null;
        readonly deadlineMs?: number;
      },
      call: TicketSystemCall,
    ) {
      const { orderId, ticketId, keep, deadlineMs } = voiding;
      const deadlineHeader = deadlineMs === undefined ? {} : { [requestHeaders.requestDeadline]: String(deadlineMs) };
      return requestJson(
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

function operationOf({ operationId, readyAt }: Static<typeof ReceivedOperation>): AcceptedOperation {
  return { reference: operationId, ...(readyAt === undefined ? {} : { readyAtMs: readTimeMs(readyAt) }) };
}

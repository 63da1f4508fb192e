import { randomUUID } from 'node:crypto';
import type { Guarantee } from 'exactly-one';
import { type ReceivedRequest, refusal, type ScriptedResponse } from './scripted-server.ts';

/** The card number in the vault. It may appear in the vault's response and in the create request only. */
export const CARD_NUMBER = 'VISA-4929-1118-7703-2526';
const MASKED = 'VISA-****-****-****-2526';

export type Endpoint = 'token' | 'reservation' | 'vault' | 'create' | 'list' | 'void';

export interface TicketSystemRequest extends ReceivedRequest {
  readonly endpoint: Endpoint;
  /** Empty for a token, which belongs to no order. */
  readonly orderId: string;
}

interface StoredTicket {
  readonly orderId: string;
  readonly reservationId: string;
  readonly ticketId: string;
  readonly paymentInfo: string;
  readonly createdAt: string;
  readonly voided: boolean;
}

interface Order {
  readonly reservationId: string;
  guarantee: Guarantee;
  tickets: StoredTicket[];
  readonly keys: Map<string, string>;
}

/** The contract of the design, implemented independently of the real ticket system, in memory. */
export function createInMemoryTicketSystem(guarantee: Guarantee, tokenTtlMs: number) {
  const orders = new Map<string, Order>();
  const tokens = new Map<string, number>();
  let ttlMs = tokenTtlMs;

  const orderOf = (orderId: string): Order => {
    const known = orders.get(orderId);
    if (known !== undefined) return known;
    const order: Order = { reservationId: `R-${orderId}`, guarantee, tickets: [], keys: new Map() };
    orders.set(orderId, order);
    return order;
  };

  const addTicket = (orderId: string, given: Partial<StoredTicket> = {}): StoredTicket => {
    const order = orderOf(orderId);
    const ticket: StoredTicket = {
      orderId,
      reservationId: order.reservationId,
      ticketId: `TICKET-${randomUUID()}`,
      paymentInfo: MASKED,
      createdAt: new Date().toISOString(),
      voided: false,
      ...given,
    };
    order.tickets.push(ticket);
    return ticket;
  };

  const liveTickets = (orderId: string) =>
    orderOf(orderId)
      .tickets.filter(({ voided }) => !voided)
      .map(({ ticketId }) => ticketId);

  /** Does what was requested and returns the response. */
  const handle = (call: TicketSystemRequest): ScriptedResponse => {
    if (call.endpoint === 'token') return issueToken();
    const expiresAtMs = tokens.get(/^Bearer (.+)$/.exec(call.headers.authorization ?? '')?.[1] ?? '') ?? 0;
    if (Date.now() >= expiresAtMs) return refusal(401, 'TOKEN_EXPIRED');
    const order = orderOf(call.orderId);
    switch (call.endpoint) {
      case 'reservation': {
        const { reservationId } = order;
        return { status: 200, body: { orderId: call.orderId, reservationId, guarantee: order.guarantee } };
      }
      case 'vault':
        return { status: 200, body: { paymentInfo: CARD_NUMBER } };
      case 'create':
        return create(call, order);
      case 'list':
        return { status: 200, body: { tickets: order.tickets, asOf: new Date().toISOString() } };
      case 'void':
        return voidTicket(call, order);
    }
  };

  const issueToken = (): ScriptedResponse => {
    const token = randomUUID();
    const expiresAtMs = Date.now() + ttlMs;
    tokens.set(token, expiresAtMs);
    return { status: 201, body: { token, expiresAt: new Date(expiresAtMs).toISOString() } };
  };

  const create = (call: TicketSystemRequest, order: Order): ScriptedResponse => {
    const { reservationId, paymentInfo } = JSON.parse(call.body);
    if (reservationId !== order.reservationId) return refusal(404, 'RESERVATION_UNKNOWN');
    if (paymentInfo !== CARD_NUMBER) return refusal(400, 'INVALID_REQUEST');
    const key = call.headers['idempotency-key'];
    if (order.guarantee === 'idempotency-key') {
      if (typeof key !== 'string') return refusal(400, 'INVALID_REQUEST');
      const known = order.tickets.find(({ ticketId }) => ticketId === order.keys.get(key));
      if (known !== undefined) return { status: 201, body: { ...known, voided: false } };
    }
    if (order.guarantee !== 'none') {
      const deadlineMs = deadlineOf(call);
      if (Number.isNaN(deadlineMs)) return refusal(400, 'INVALID_REQUEST');
      if (Date.now() > deadlineMs) return refusal(408, 'DEADLINE_PASSED');
    }
    const ticket = addTicket(call.orderId);
    if (typeof key === 'string') order.keys.set(key, ticket.ticketId);
    return { status: 201, body: ticket };
  };

  const voidTicket = (call: TicketSystemRequest, order: Order): ScriptedResponse => {
    const ticketId = decodeURIComponent(call.path.split('/')[4] ?? '');
    const { keep } = JSON.parse(call.body);
    const ticket = order.tickets.find((each) => each.ticketId === ticketId);
    if (ticket === undefined) return refusal(404, 'TICKET_UNKNOWN');
    if (!ticket.voided) {
      if (keep === null && !(Date.now() <= deadlineOf(call))) return refusal(408, 'DEADLINE_PASSED');
      if (keep !== null && (keep === ticketId || !liveTickets(call.orderId).includes(keep))) {
        return refusal(409, 'KEEPER_NOT_LIVE');
      }
    }
    const voided = { ...ticket, voided: true };
    order.tickets = order.tickets.map((each) => (each === ticket ? voided : each));
    return { status: 200, body: voided };
  };

  return {
    handle,
    addTicket,
    liveTickets,
    tickets: (orderId: string): readonly StoredTicket[] => orderOf(orderId).tickets,
    /** Voids a ticket as another client of the service would. */
    voidDirectly(orderId: string, ticketId: string) {
      const order = orderOf(orderId);
      order.tickets = order.tickets.map((each) => (each.ticketId === ticketId ? { ...each, voided: true } : each));
    },
    setGuarantee(orderId: string, guarantee: Guarantee) {
      orderOf(orderId).guarantee = guarantee;
    },
    setTokenTtlMs(ms: number) {
      ttlMs = ms;
    },
    /** Refuses all tokens issued so far, as a ticket system that was started again does. */
    revokeTokens: () => tokens.forEach((_, token) => void tokens.set(token, 0)),
    issuedTokens: (): readonly string[] => [...tokens.keys()],
  };
}

/** The deadline of a request in epoch milliseconds. NaN if it has none: comparisons with NaN are false. */
export function deadlineOf(call: Pick<TicketSystemRequest, 'headers'> | undefined): number {
  const value = call?.headers['request-deadline'];
  return typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : Number.NaN;
}

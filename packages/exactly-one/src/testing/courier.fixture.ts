import { NotSent, type OrderFunctions } from '../activities/index.ts';
import { type Exchange, httpOutcomes, sendRequest } from '../http/index.ts';
import type { ServiceMapping } from './index.ts';
import type { StoredItem } from './item-store.ts';

interface Booking {
  readonly bookingId: string;
  readonly reference: string;
  readonly booked: string;
  readonly cancelled: boolean;
}

const bookingOf = ({ itemId, orderId, createdAtMs, voided }: StoredItem): Booking => ({
  ...{ bookingId: itemId, reference: orderId, cancelled: voided },
  booked: new Date(createdAtMs).toISOString(),
});

/** A courier whose bookings stand in one collection, and which are cancelled by their ids alone. */
export const COURIER: ServiceMapping = {
  operationOf({ method, url, headers, body }) {
    const [, collection, itemId = ''] = url.pathname.split('/');
    if (collection !== 'bookings') return undefined;
    const deadlineMs = headers['x-deadline'] === undefined ? undefined : Number(headers['x-deadline']);
    const { reference }: { reference?: string } = Object(body);
    switch (method) {
      case 'POST':
        return { kind: 'create', orderId: String(reference), deadlineMs, key: headers['x-key']?.toString() };
      case 'GET':
        return { kind: 'list', orderId: url.searchParams.get('reference') ?? '' };
      case 'DELETE':
        return { kind: 'void', itemId, keep: url.searchParams.get('keep'), deadlineMs };
      default:
        return undefined;
    }
  },
  responseTo(result) {
    switch (result.kind) {
      case 'created':
        return { status: 201, body: bookingOf(result.item) };
      case 'voided':
        return { status: 200, body: bookingOf(result.item) };
      case 'listed':
        return { status: 200, body: { bookings: result.items.map(bookingOf), at: result.asOfMs } };
      case 'refused':
        return { status: result.why === 'rejected' ? 422 : 409, body: { problem: result.why } };
    }
  },
};

/** One that accepts some bookings and makes them later. */
export const ACCEPTING_COURIER: ServiceMapping = {
  ...COURIER,
  acceptedResponse: ({ reference, readyAtMs }) => ({ status: 202, body: { accepted: reference, ready: readyAtMs } }),
};

export type Courier = OrderFunctions<unknown> & { readonly void: NonNullable<OrderFunctions<unknown>['void']> };

/** The right functions. */
export function createCourier(baseUrl: string): Courier {
  const bookingsOf = (orderId: string) => `${baseUrl}/bookings?reference=${orderId}`;
  return {
    outcomes: httpOutcomes({ rejecting: ['rejected'] }),
    async create(_input, call) {
      const headers = { 'x-deadline': String(call.deadlineMs), 'x-key': call.idempotencyKey };
      const body = { reference: call.orderId };
      return reportOf(await sendRequest({ method: 'POST', url: `${baseUrl}/bookings`, headers, body, ...call }));
    },
    async list(_input, call) {
      const { bookings, at } = bodyOf(await sendRequest({ method: 'GET', url: bookingsOf(call.orderId), ...call }));
      if (!Array.isArray(bookings)) throw new Error('no list');
      return { items: bookings.map(itemOf), asOfMs: Number(at) };
    },
    async void(_input, itemId, keep, call) {
      const url = `${baseUrl}/bookings/${itemId}${keep === null ? '' : `?keep=${keep}`}`;
      const headers = { 'x-deadline': String(call.deadlineMs) };
      const exchange = await sendRequest({ method: 'DELETE', url, headers, ...call });
      if (exchange.kind === 'response' && exchange.status === 409 && exchange.body.includes('keeper not live')) {
        return 'keeper-not-live';
      }
      if (bodyOf(exchange).cancelled !== true) throw new Error('not cancelled');
      return 'voided';
    },
  };
}

export function reportOf(exchange: Exchange) {
  if (exchange.kind !== 'response') return exchange;
  const { bookingId, reference, problem, accepted, ready } = parsed(exchange.body);
  const operation = typeof accepted === 'string' ? { reference: accepted, readyAtMs: Number(ready) } : undefined;
  const item = typeof bookingId === 'string' ? { orderId: String(reference), itemId: bookingId } : undefined;
  return {
    ...{ kind: 'response' as const, status: exchange.status, item, operation },
    errorCode: problem === undefined ? undefined : String(problem),
  };
}

export function itemOf(booking: Booking) {
  const { bookingId, reference, booked, cancelled } = booking;
  return { itemId: bookingId, orderId: reference, createdAtMs: Date.parse(booked), voided: cancelled };
}

function bodyOf(exchange: Exchange): Readonly<Record<string, unknown>> {
  if (exchange.kind === 'not sent') throw new NotSent(exchange.reason);
  if (exchange.kind === 'response' && exchange.status === 200) return parsed(exchange.body);
  throw new Error('no complete response');
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}

import type { OrderFunctions } from '../activities/index.ts';
import { httpOutcomes, requestJson, sendRequest } from '../http/index.ts';
import { httpService } from './index.ts';

/** As this service shows one, in a wrapper of its own. */
interface Booking {
  readonly number: string;
  readonly customer: { readonly ref: string };
  readonly state: 'CONFIRMED' | 'CANCELLED';
  /** Epoch seconds. */
  readonly times: { readonly placed: number };
}

interface Page {
  readonly results: readonly Booking[];
  readonly paging: { readonly next: string | null };
  /** Epoch seconds. */
  readonly readAt: number;
}

const seconds = (ms: number) => Math.floor(ms / 1_000);

/** A courier with nested bodies, lists in pages, and times in whole seconds. */
export const NESTED_COURIER = httpService({
  create: 'POST /bookings',
  orderIdField: 'customer.ref',
  list: 'GET /bookings?ref=:orderId',
  pageQuery: 'after',
  void: 'POST /bookings/:itemId/cancel',
  item: ({ itemId, orderId, createdAtMs, voided }) => ({
    number: itemId,
    customer: { ref: orderId },
    state: voided ? 'CANCELLED' : 'CONFIRMED',
    times: { placed: seconds(createdAtMs) },
  }),
  created: (booking) => ({ booking }),
  items: (results, { asOfMs, next }) => ({ results, paging: { next }, readAt: seconds(asOfMs) }),
  rejected: { problem: { code: 'NO_COURIER' } },
});

const itemOf = ({ number, customer, state, times }: Booking) => ({
  itemId: number,
  orderId: customer.ref,
  createdAtMs: times.placed * 1_000,
  voided: state === 'CANCELLED',
});

/**
 * The right functions, or with a mistake.
 * @param mistakes.pages that are read at most
 * @param mistakes.endsAtError whether an error ends the list
 * @param mistakes.readsErrors whether a body without a booking can be read
 */
export function createNestedCourier(
  url: string,
  { pages = Number.POSITIVE_INFINITY, endsAtError = false, readsErrors = true } = {},
): OrderFunctions<undefined> {
  return {
    create: (_input, call) =>
      sendRequest({ method: 'POST', url: `${url}/bookings`, body: { customer: { ref: call.orderId } }, ...call }),
    async list(_input, call) {
      const bookings: Booking[] = [];
      let asOfMs = Number.POSITIVE_INFINITY;
      let next: string | null = null;
      for (let page = 0; page < pages && (page === 0 || next !== null); page += 1) {
        const after: string = next === null ? '' : `&after=${encodeURIComponent(next)}`;
        const request = {
          method: 'GET',
          url: `${url}/bookings?ref=${encodeURIComponent(call.orderId)}${after}`,
        } as const;
        try {
          const { results, paging, readAt }: Page = await requestJson({ ...request, ...call });
          bookings.push(...results);
          asOfMs = Math.min(asOfMs, readAt * 1_000);
          next = paging.next;
        } catch (error) {
          if (page === 0 || !endsAtError) throw error;
          next = null;
        }
      }
      return { items: bookings.map(itemOf), asOfMs };
    },
    void: async (_input, itemId, _keep, call) =>
      itemOf((await requestJson({ method: 'POST', url: `${url}/bookings/${itemId}/cancel`, ...call })).booking),
    listBeforeVoid: true,
    outcomes: httpOutcomes({
      rejecting: ['NO_COURIER'],
      read: ({ booking, problem }) => ({
        item: booking || !readsErrors ? itemOf(booking) : undefined,
        errorCode: problem?.code,
      }),
    }),
  };
}

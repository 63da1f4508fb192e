import type { Item, ItemList, OrderReference, SeenItems } from './items.ts';

/** An item as the service listed it; its form has already been validated. */
export interface ListedItem extends Item, OrderReference {}

/** What came of a worker's request for the items of an order. */
export type ListExchange =
  | { readonly kind: 'list'; readonly items: readonly ListedItem[]; readonly asOfMs: number }
  /** Any error. Even a 404 says nothing about items: it may come from the wrong port. */
  | { readonly kind: 'error'; readonly error: unknown };

/** What is known about the request for the items of an order. */
export interface ListContext extends OrderReference {
  /** The items and voids that this run has seen before. */
  readonly seen: SeenItems;
  /** The worker's wall clock just before the request, epoch milliseconds. */
  readonly requestedAtMs: number;
  /** The worker's wall clock just after the response, epoch milliseconds. */
  readonly receivedAtMs: number;
  readonly clockSkewMs: number;
}

/**
 * Accepts only a complete response: about this very order, well formed, fresh, and lacking nothing seen before.
 * Anything else proves neither that an item exists nor that it does not: ask again.
 * @returns the items, distinct by id, or the reason why the response is not complete
 */
export function readCompleteResponse(
  exchange: ListExchange,
  context: ListContext,
): { readonly list: ItemList } | { readonly problem: string } {
  if (exchange.kind === 'error') return { problem: 'an error says nothing about items' };
  const { items: listed, asOfMs } = exchange;
  const { orderId, reservationId, seen } = context;
  if (![asOfMs, ...listed.map(({ createdAtMs }) => createdAtMs)].every(Number.isFinite)) {
    return { problem: 'it contains an invalid time' };
  }
  if (!isFresh({ asOfMs, ...context })) {
    return { problem: `it is as of ${iso(asOfMs)}, but was requested at ${iso(context.requestedAtMs)}` };
  }
  const foreign = listed.find((item) => item.orderId !== orderId || item.reservationId !== reservationId);
  if (foreign !== undefined) {
    return { problem: `item ${foreign.itemId} belongs to ${foreign.orderId}, reservation ${foreign.reservationId}` };
  }
  const items = new Map<string, Item>();
  for (const { itemId, createdAtMs, voided } of listed) {
    const same = items.get(itemId);
    if (same !== undefined && same.voided !== voided) return { problem: `item ${itemId} is both live and voided` };
    items.set(itemId, { itemId, createdAtMs: Math.min(createdAtMs, same?.createdAtMs ?? createdAtMs), voided });
  }
  const lost = seen.itemIds.find((itemId) => !items.has(itemId));
  if (lost !== undefined) return { problem: `item ${lost}, seen before, is missing` };
  const revived = seen.voidedItemIds.find((itemId) => items.get(itemId)?.voided !== true);
  if (revived !== undefined) return { problem: `item ${revived}, seen voided before, is live` };
  return { list: { items: [...items.values()], asOfMs } };
}

/**
 * Whether the service read its items during the request, allowing for `clockSkewMs`. An older response may lack what
 * has committed since, and one from the future proves nothing.
 */
export function isFresh(response: {
  asOfMs: number;
  requestedAtMs: number;
  receivedAtMs: number;
  clockSkewMs: number;
}): boolean {
  return (
    response.asOfMs >= response.requestedAtMs - response.clockSkewMs &&
    response.asOfMs <= response.receivedAtMs + response.clockSkewMs
  );
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

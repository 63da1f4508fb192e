import { isFresh } from './fence.ts';
import type { Item, ItemList, OrderReference, SeenItems } from './items.ts';

/** An item as the service listed it, its form already checked. */
export interface ListedItem extends Item, OrderReference {}

export interface ResponseContext extends OrderReference {
  /** Items and voids that this run has seen before. */
  readonly seen: SeenItems;
  /** Wall clock of the worker, around the request. */
  readonly requestedAtMs: number;
  readonly receivedAtMs: number;
  readonly clockSkewMs: number;
}

/** What came of a request for the items of an order. */
export type Received =
  | { readonly kind: 'list'; readonly items: readonly ListedItem[]; readonly asOfMs: number }
  /** Any error, a 404 too: it may come from a wrong port. */
  | { readonly kind: 'error'; readonly error: unknown };

/**
 * Whether what was received is a complete response about this very order. If not, it is no answer at all:
 * neither presence nor absence follows from it.
 * @returns the items, distinct by id, or what is wrong
 */
export function readCompleteResponse(
  received: Received,
  context: ResponseContext,
): { readonly list: ItemList } | { readonly problem: string } {
  if (received.kind === 'error') return { problem: 'an error says nothing about items' };
  const { items: listed, asOfMs } = received;
  const { orderId, reservationId, seen } = context;
  if (![asOfMs, ...listed.map(({ createdAtMs }) => createdAtMs)].every(Number.isFinite)) {
    return { problem: 'a time in it cannot be read' };
  }
  if (!isFresh({ asOfMs, ...context })) {
    return { problem: `as of ${iso(asOfMs)} it is not from the time of the request, ${iso(context.requestedAtMs)}` };
  }
  const foreign = listed.find((item) => item.orderId !== orderId || item.reservationId !== reservationId);
  if (foreign !== undefined) {
    return { problem: `item ${foreign.itemId} is of ${foreign.orderId}, reservation ${foreign.reservationId}` };
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

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

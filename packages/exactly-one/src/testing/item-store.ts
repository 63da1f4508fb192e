import { randomUUID } from 'node:crypto';
import type { Item } from '../protocol/items.ts';

/** An item as the scripted service has it. */
export interface StoredItem extends Item {
  readonly orderId: string;
}

/** The items of an order at one time. */
export interface Listing {
  /** Voided ones too, oldest first. */
  readonly items: readonly StoredItem[];
  /** Epoch milliseconds. */
  readonly asOfMs: number;
}

/** The items of all orders, counted. An order counts from its first create that is received, or its first item. */
export interface ItemCounts {
  readonly orders: number;
  /** Orders with one live item. */
  readonly exactlyOne: number;
  /** Orders with more than one live item. */
  readonly duplicates: number;
  /** Orders without a live item. */
  readonly missing: number;
  /** Creates received. */
  readonly creates: number;
  readonly made: number;
  readonly voided: number;
}

interface Order {
  items: readonly StoredItem[];
  /** The items before the latest change. */
  before: Listing;
  creates: number;
  /** The ids of items by the keys of their creates. */
  readonly keys: Map<string, string>;
}

/** A live item that is in no store. */
export function newItem(orderId: string): StoredItem {
  return { orderId, itemId: `ITEM-${randomUUID()}`, createdAtMs: Date.now(), voided: false };
}

export type ItemStore = ReturnType<typeof createItemStore>;

/** What a scripted service has made and voided, in memory. */
export function createItemStore() {
  const orders = new Map<string, Order>();

  const orderOf = (orderId: string): Order => {
    const known = orders.get(orderId);
    if (known !== undefined) return known;
    const order: Order = { items: [], before: { items: [], asOfMs: Date.now() }, creates: 0, keys: new Map() };
    orders.set(orderId, order);
    return order;
  };
  const change = (order: Order, items: readonly StoredItem[]) => {
    order.before = { items: order.items, asOfMs: Date.now() };
    order.items = items;
  };
  const itemsOf = (orderId: string) => orders.get(orderId)?.items ?? [];
  const liveOf = (items: readonly StoredItem[]) => items.filter(({ voided }) => !voided);

  return {
    /** Counts a create that has arrived, whatever comes of it. */
    received(orderId: string): void {
      orderOf(orderId).creates += 1;
    },
    make(orderId: string, key?: string): StoredItem {
      const order = orderOf(orderId);
      const item = newItem(orderId);
      change(order, [...order.items, item]);
      if (key !== undefined) order.keys.set(key, item.itemId);
      return item;
    },
    /** Voiding again changes nothing. Returns undefined if the order has no such item. */
    void(orderId: string, itemId: string): StoredItem | undefined {
      const item = itemsOf(orderId).find((each) => each.itemId === itemId);
      if (item === undefined || item.voided) return item;
      const voided = { ...item, voided: true };
      const order = orderOf(orderId);
      change(
        order,
        order.items.map((each) => (each === item ? voided : each)),
      );
      return voided;
    },
    /** The item that a create with this key made. */
    madeWith(orderId: string, key: string): StoredItem | undefined {
      const itemId = orders.get(orderId)?.keys.get(key);
      return itemsOf(orderId).find((each) => each.itemId === itemId);
    },
    /** The order that an item belongs to. */
    orderOf: (itemId: string): string | undefined =>
      [...orders].find(([, { items }]) => items.some((each) => each.itemId === itemId))?.[0],
    list: (orderId: string): Listing => ({ items: itemsOf(orderId), asOfMs: Date.now() }),
    /** The list of a replica that lags behind by one change. */
    listBefore: (orderId: string): Listing => orderOf(orderId).before,
    /** The ids of the live items. */
    live: (orderId: string): readonly string[] => liveOf(itemsOf(orderId)).map(({ itemId }) => itemId),
    /** Creates received. */
    creates: (orderId: string): number => orders.get(orderId)?.creates ?? 0,
    count(): ItemCounts {
      const all = [...orders.values()].filter(({ creates, items }) => creates > 0 || items.length > 0);
      const items = all.flatMap((order) => order.items);
      const withLive = (fits: (count: number) => boolean) =>
        all.filter((order) => fits(liveOf(order.items).length)).length;
      return {
        orders: all.length,
        exactlyOne: withLive((count) => count === 1),
        duplicates: withLive((count) => count > 1),
        missing: withLive((count) => count === 0),
        creates: all.reduce((sum, { creates }) => sum + creates, 0),
        made: items.length,
        voided: items.length - liveOf(items).length,
      };
    },
  };
}

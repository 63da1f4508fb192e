import type { Item } from './items.ts';

/** The items in circulation. */
export function liveItems(items: readonly Item[]): readonly Item[] {
  return items.filter((item) => !item.voided);
}

/**
 * The item that stays: the promised one, or else the first by creation time, then by id. The same items always lead to
 * the same keeper.
 * @returns undefined when no item is live, or when the promised one is not
 */
export function chooseKeeper(live: readonly Item[], promisedItemId?: string): Item | undefined {
  if (promisedItemId !== undefined) return live.find((item) => item.itemId === promisedItemId);
  return [...live].sort(byCreationThenId)[0];
}

function byCreationThenId(a: Item, b: Item): number {
  if (a.createdAtMs !== b.createdAtMs) return a.createdAtMs - b.createdAtMs;
  return a.itemId < b.itemId ? -1 : 1;
}

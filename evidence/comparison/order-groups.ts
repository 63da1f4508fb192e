import type { OrderCounts } from './count-orders.ts';

/** Orders grouped by how many tickets they have. */
export type OrderGroup = 'exactlyOne' | 'duplicates' | 'lost';

/** In their order within a bar. */
export const ORDER_GROUPS: readonly { readonly group: OrderGroup; readonly name: string }[] = [
  { group: 'exactlyOne', name: 'exactly one ticket' },
  { group: 'duplicates', name: 'more than one' },
  { group: 'lost', name: 'none' },
];

interface BarPart {
  readonly group: OrderGroup;
  readonly name: string;
  readonly count: number;
  /** In whole units. */
  readonly length: number;
}

/**
 * Divides a bar among the groups, in proportion to their orders. A group with any order is visible, and the lengths add
 * up to the width.
 * @param width in whole units
 */
export function barParts(counts: Pick<OrderCounts, 'orders' | OrderGroup>, width: number): readonly BarPart[] {
  const parts = ORDER_GROUPS.map(({ group, name }) => {
    const count = counts[group];
    const length = count === 0 ? 0 : Math.max(1, Math.round((count / counts.orders) * width));
    return { group, name, count, length };
  });
  const surplus = parts.reduce((sum, { length }) => sum + length, 0) - width;
  const longest = Math.max(...parts.map(({ length }) => length));
  const adjusted = parts.findIndex(({ length }) => length === longest);
  return parts.map((part, index) => (index === adjusted ? { ...part, length: part.length - surplus } : part));
}

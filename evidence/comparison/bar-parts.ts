import type { OrderCounts } from './count-orders.ts';

/** What can become of an order, by the number of its tickets. */
export type Fate = 'exactlyOne' | 'duplicates' | 'lost';

/** In the order in which they stand in a bar. */
export const FATES: readonly { readonly fate: Fate; readonly name: string }[] = [
  { fate: 'exactlyOne', name: 'exactly one ticket' },
  { fate: 'duplicates', name: 'more than one' },
  { fate: 'lost', name: 'none' },
];

export interface BarPart {
  readonly fate: Fate;
  readonly name: string;
  readonly count: number;
  /** Whole units of the bar. */
  readonly length: number;
}

/**
 * Divides a bar among the fates of all orders; whatever happened at all is seen, and the lengths add up to the width.
 * @param width whole units
 */
export function barParts(counts: Pick<OrderCounts, 'orders' | Fate>, width: number): readonly BarPart[] {
  const parts = FATES.map(({ fate, name }) => {
    const count = counts[fate];
    const length = count === 0 ? 0 : Math.max(1, Math.round((count / counts.orders) * width));
    return { fate, name, count, length };
  });
  const surplus = parts.reduce((sum, { length }) => sum + length, 0) - width;
  const longest = Math.max(...parts.map(({ length }) => length));
  const giving = parts.findIndex(({ length }) => length === longest);
  return parts.map((part, index) => (index === giving ? { ...part, length: part.length - surplus } : part));
}

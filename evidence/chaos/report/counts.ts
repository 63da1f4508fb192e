export type Counts = Readonly<Record<string, number>>;

/** Counts by two keys: process and kind of stop, or point and kind of fault. */
export type NestedCounts = Readonly<Record<string, Counts>>;

export function countBy<Item>(items: readonly Item[], key: (item: Item) => string): Counts {
  return merged(items.map((item) => ({ [key(item)]: 1 })));
}

export function countByTwo<Item>(
  items: readonly Item[],
  outer: (item: Item) => string,
  inner: (item: Item) => string,
): NestedCounts {
  return mergedNested(items.map((item) => ({ [outer(item)]: { [inner(item)]: 1 } })));
}

export function merged(all: readonly Counts[]): Counts {
  const sum: Record<string, number> = {};
  for (const counts of all) {
    for (const [name, count] of Object.entries(counts)) sum[name] = (sum[name] ?? 0) + count;
  }
  return sum;
}

export function mergedNested(all: readonly NestedCounts[]): NestedCounts {
  const names = [...new Set(all.flatMap((each) => Object.keys(each)))];
  return Object.fromEntries(names.map((name) => [name, merged(all.map((each) => each[name] ?? {}))]));
}

function total(counts: Counts): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

export function totalNested(counts: NestedCounts): number {
  return Object.values(counts).reduce((sum, each) => sum + total(each), 0);
}

/**
 * The percentile of some values by the nearest-rank method, so it is always one of them; 0 if there are none.
 * https://en.wikipedia.org/wiki/Percentile#The_nearest-rank_method
 * @param share above 0 and up to 1: 0.95 for the 95th percentile
 */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}

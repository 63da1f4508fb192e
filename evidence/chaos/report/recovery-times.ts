/** Milliseconds from a stop to the next order that is completed anywhere. */
export interface Percentiles {
  readonly stops: number;
  readonly p50: number;
  readonly p95: number;
  readonly max: number;
}

/** By process, and of all of them. */
export type RecoveryTimes = Readonly<Record<string, Percentiles>>;

export function recoveryTimes(recoveries: readonly { readonly process: string; readonly ms: number }[]): RecoveryTimes {
  const names = [...new Set(recoveries.map(({ process }) => process))].sort();
  const of = (name: string) => recoveries.filter(({ process }) => process === name);
  return Object.fromEntries([
    ...names.map((name) => [name, percentiles(of(name).map(({ ms }) => ms))] as const),
    ['any', percentiles(recoveries.map(({ ms }) => ms))] as const,
  ]);
}

/** By the nearest rank: each figure is one that was measured. */
function percentiles(times: readonly number[]): Percentiles {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
  return { stops: sorted.length, p50: at(0.5), p95: at(0.95), max: sorted.at(-1) ?? 0 };
}

/** A time as Temporal's API has it. */
interface Timestamp {
  /** A number, or a `Long` that becomes one. */
  readonly seconds?: unknown;
  readonly nanos?: number | null;
}

/** Epoch milliseconds; undefined when there is none, or it is zero, which the server means as none. */
export function timestampMs(timestamp: Timestamp | null | undefined): number | undefined {
  const ms = Number(timestamp?.seconds ?? 0) * 1_000 + Math.round((timestamp?.nanos ?? 0) / 1_000_000);
  return ms > 0 ? ms : undefined;
}

import type { Guarantee, Timings } from 'exactly-one';
import type { TrueItem } from '../simulated/ticket-system.ts';
import type { Invariant } from './invariants.ts';
import type { RunRecord } from './records.ts';

/** What all checks of an order know and share. */
export interface CheckedOrder {
  readonly guarantee: Guarantee;
  readonly orderId: string;
  readonly timings: Timings;
  readonly live: () => readonly TrueItem[];
  readonly liveIds: () => readonly string[];
  readonly runs: Map<string, RunRecord>;
  /** @throws when the checks were never told that it began */
  readonly recordOf: (runId: string) => RunRecord;
  /** The ticket that the order has answered with. */
  promised: string | undefined;
  readonly report: (invariant: Invariant, what: string) => void;
}

/** No service is obeyed that asks for a longer pause. */
export const LONGEST_RETRY_AFTER_MS = 60_000;

import { createSeededRandom } from '../../../testbed/seeded-random.ts';
import { createDeck } from './deck.ts';
import type { ProcessName } from './stops.ts';

/** The processes whose logs are read by us. Temporal's server is not ours. */
export const LOGGING_PROCESSES = ['worker 1', 'worker 2', 'ticket system'] as const satisfies readonly ProcessName[];

/** The one whose log is filled while nobody reads it, until lines are dropped. Workers log too little for that. */
export const FILLED_PROCESS = 'ticket system' satisfies ProcessName;

/** Nobody reads the log of a process for a while. It must not notice. */
export interface PlannedStall {
  /** Since the start of the round. */
  readonly atMs: number;
  readonly process: (typeof LOGGING_PROCESSES)[number];
  readonly forMs: number;
}

const FIRST_AFTER_MS = 1_000;
const AVERAGE_INTERVAL_MS = 4_000;
const SHORTEST_MS = 3_000;
/** Longer than a process may be frozen: one that waits for its reader violates an invariant. */
const LONGEST_MS = 10_000;

/** The stalls of a round. They have a random generator of their own, so that all else stays as planned. */
export function planStalls(seed: number, round: number, activeMs: number): readonly PlannedStall[] {
  const random = createSeededRandom(seed + 67_867_967 * round);
  const stalls: PlannedStall[] = [];
  const nextProcess = createDeck(random, LOGGING_PROCESSES);
  const nextInterval = () => random.between(AVERAGE_INTERVAL_MS / 2, AVERAGE_INTERVAL_MS * 1.5);
  for (let atMs = FIRST_AFTER_MS; atMs < activeMs; atMs += nextInterval()) {
    stalls.push({ atMs, process: nextProcess(), forMs: random.between(SHORTEST_MS, LONGEST_MS) });
  }
  return stalls;
}

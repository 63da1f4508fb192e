import type { Guarantee } from 'exactly-one';
import type { SeededRandom } from '../../../testbed/seeded-random.ts';
import { COVERED_MS, LONGEST_DELAY_MS, LONGEST_LATE_COMMIT_MS, TIMINGS } from '../timings.ts';
import { createDeck } from './deck.ts';

export const PROCESSES = ['worker 1', 'worker 2', 'ticket system', 'Temporal server'] as const;
export type ProcessName = (typeof PROCESSES)[number];

/** `SIGSTOP` freezes a process and later continues it; `restart` is SIGTERM and a new start; `SIGKILL` too ends in one. */
export const STOP_KINDS = ['SIGKILL', 'SIGSTOP', 'restart'] as const;
export type StopKind = (typeof STOP_KINDS)[number];

export interface PlannedStop {
  /** Since the start of the round. */
  readonly atMs: number;
  readonly process: ProcessName;
  readonly kind: StopKind;
  /** How long the process is frozen, or stays down before it is started again. */
  readonly forMs: number;
}

/**
 * Stops are drawn from a shuffled deck, so that even a few minutes contain every kind of stop of every process. A worker
 * needs a second or two of CPU to start and to replay the open orders; with more such stops few orders would complete.
 */
const DECK: readonly (readonly [ProcessName, StopKind])[] = [
  ...cards('worker 1', { SIGKILL: 1, SIGSTOP: 4, restart: 1 }),
  ...cards('worker 2', { SIGKILL: 1, SIGSTOP: 4, restart: 1 }),
  ...cards('ticket system', { SIGKILL: 4, SIGSTOP: 5, restart: 3 }),
  ...cards('Temporal server', { SIGKILL: 1, SIGSTOP: 1, restart: 1 }),
];

function cards(process: ProcessName, counts: Readonly<Record<StopKind, number>>) {
  return STOP_KINDS.flatMap((kind) => Array.from({ length: counts[kind] }, () => [process, kind] as const));
}

const FIRST_AFTER_MS = 1_000;
const AVERAGE_INTERVAL_MS = 2_550;
const LONGEST_DOWN_MS = 1_000;
const LONGEST_FREEZE_MS = 2_500;

/**
 * With guarantee `none` a create must commit within the time that the late watch covers. It can meet three freezes: its
 * worker's before the request, the ticket system's, and another one at its commit; and its own delays come on top.
 */
const LONGEST_FREEZE_WITHOUT_GUARANTEE_MS = Math.floor(
  (COVERED_MS - TIMINGS.createDeadlineMs - LONGEST_LATE_COMMIT_MS - 2 * LONGEST_DELAY_MS) / 3,
);

/** The stops of a round, each of which begins within `activeMs`. */
export function planStops(random: SeededRandom, activeMs: number, guarantee: Guarantee): readonly PlannedStop[] {
  const longestFreezeMs = guarantee === 'none' ? LONGEST_FREEZE_WITHOUT_GUARANTEE_MS : LONGEST_FREEZE_MS;
  const stops: PlannedStop[] = [];
  const nextCard = createDeck(random, DECK);
  const nextInterval = () => random.between(AVERAGE_INTERVAL_MS / 2, AVERAGE_INTERVAL_MS * 1.5);
  for (let atMs = FIRST_AFTER_MS; atMs < activeMs; atMs += nextInterval()) {
    const [process, kind] = nextCard();
    const forMs = random.between(0, kind === 'SIGSTOP' ? longestFreezeMs : LONGEST_DOWN_MS);
    stops.push({ atMs, process, kind, forMs });
  }
  return stops;
}

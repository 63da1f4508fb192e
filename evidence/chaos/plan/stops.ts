import type { Guarantee } from 'exactly-one';
import type { SeededRandom } from '../../../testbed/seeded-random.ts';
import { COVERED_MS, LONGEST_DELAY_MS, LONGEST_LATE_COMMIT_MS, TIMINGS } from '../timings.ts';

export const PROCESSES = ['worker 1', 'worker 2', 'ticket system', 'Temporal server'] as const;
export type ProcessName = (typeof PROCESSES)[number];

/** `SIGSTOP`: stands still and goes on. `restart`: SIGTERM and start. After both others it is started again. */
export const STOP_KINDS = ['SIGKILL', 'SIGSTOP', 'restart'] as const;
export type StopKind = (typeof STOP_KINDS)[number];

export interface PlannedStop {
  /** Since the round began. */
  readonly atMs: number;
  readonly process: ProcessName;
  readonly kind: StopKind;
  /** How long it stands still, or stays away before it is started again. */
  readonly forMs: number;
}

/**
 * Stops come in shuffled decks, so that a few minutes have some of every kind. A worker takes a second or two of the
 * processor to start and to replay what it finds: more of that, and little is left for the orders.
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
/** Between two stops, on average. */
const EVERY_MS = 2_550;
const LONGEST_AWAY_MS = 1_000;
const LONGEST_PAUSE_MS = 2_500;

/**
 * Where nothing is promised, the pauses that one create can meet (its worker's before the send, the ticket system's, and
 * one more at its commit) and its own delays leave it within what a late watch covers.
 */
const LONGEST_PAUSE_WITHOUT_PROMISES_MS = Math.floor(
  (COVERED_MS - TIMINGS.createDeadlineMs - LONGEST_LATE_COMMIT_MS - 2 * LONGEST_DELAY_MS) / 3,
);

/** The stops of a round, in time for all of them to be over soon after its end. */
export function planStops(random: SeededRandom, activeMs: number, guarantee: Guarantee): readonly PlannedStop[] {
  const longestPauseMs = guarantee === 'none' ? LONGEST_PAUSE_WITHOUT_PROMISES_MS : LONGEST_PAUSE_MS;
  const stops: PlannedStop[] = [];
  let deck: (readonly [ProcessName, StopKind])[] = [];
  for (let atMs = FIRST_AFTER_MS; atMs < activeMs; atMs += random.between(EVERY_MS / 2, EVERY_MS * 1.5)) {
    if (deck.length === 0) deck = [...DECK];
    const [process, kind] = deck.splice(random.between(0, deck.length - 1), 1)[0] ?? ['worker 1', 'SIGKILL'];
    const forMs = random.between(0, kind === 'SIGSTOP' ? longestPauseMs : LONGEST_AWAY_MS);
    stops.push({ atMs, process, kind, forMs });
  }
  return stops;
}

import { createSeededRandom } from '../../../testbed/seeded-random.ts';
import { createDeck } from './deck.ts';

/** What can be moved away, and its path within the database folder of the ticket system. */
export const MOVABLE = {
  'database folder': '',
  tickets: 'tickets',
  reservations: 'reservations',
  ledger: 'ledger.jsonl',
} as const;
export type MovablePart = keyof typeof MOVABLE;

/** A part of the ticket system's database is moved away while the ticket system runs, and moved back. */
export interface PlannedMove {
  /** Since the start of the round. */
  readonly atMs: number;
  readonly part: MovablePart;
  /** How long it is away. */
  readonly forMs: number;
}

const PARTS = ['database folder', 'tickets', 'reservations', 'ledger'] as const satisfies readonly MovablePart[];
const FIRST_AFTER_MS = 1_500;
const AVERAGE_INTERVAL_MS = 6_000;
const SHORTEST_MS = 200;
const LONGEST_MS = 1_500;

/** The moves of a round. They have a random generator of their own, so that all else stays as planned. */
export function planMoves(seed: number, round: number, activeMs: number): readonly PlannedMove[] {
  const random = createSeededRandom(seed + 49_979_687 * round);
  const moves: PlannedMove[] = [];
  const nextPart = createDeck(random, PARTS);
  const nextInterval = () => random.between(AVERAGE_INTERVAL_MS / 2, AVERAGE_INTERVAL_MS * 1.5);
  for (let atMs = FIRST_AFTER_MS; atMs < activeMs; atMs += nextInterval()) {
    moves.push({ atMs, part: nextPart(), forMs: random.between(SHORTEST_MS, LONGEST_MS) });
  }
  return moves;
}

import type { Faults } from '../../../testbed/operate-service.ts';
import { createSeededRandom } from '../../../testbed/seeded-random.ts';
import { planFaults } from './faults.ts';
import { type PlannedStop, planStops } from './stops.ts';

/** What the ticket system promises, over the rounds: all of it within three. */
const MODES = [
  { mode: 'naive', guarantee: 'none' },
  { mode: 'deadline', guarantee: 'deadline' },
  { mode: 'idempotency-key', guarantee: 'idempotency-key' },
] as const;

/** All that a round does, but for the clients' part, which is planned for each order by itself. */
export interface RoundPlan {
  readonly seed: number;
  /** From 1. */
  readonly round: number;
  /** As in `TICKET_SYSTEM_MODE`. */
  readonly mode: (typeof MODES)[number]['mode'];
  /** How long orders are submitted and processes stopped. */
  readonly activeMs: number;
  readonly faults: Required<Pick<Faults, 'seed' | 'rules'>>;
  readonly stops: readonly PlannedStop[];
}

/** The plan of a round, the same one for the same seed. */
export function planRound(seed: number, round: number, activeMs: number): RoundPlan {
  const random = createSeededRandom(seed + 15_485_863 * round);
  const { mode, guarantee } = MODES[(round - 1) % MODES.length] ?? MODES[0];
  const faults = planFaults(random);
  return { seed, round, mode, activeMs, faults, stops: planStops(random, activeMs, guarantee) };
}

/** Order ids of a round begin so. */
export function orderPrefix(round: number): string {
  return `round-${round}-`;
}

export function orderIdOf(round: number, index: number): string {
  return `${orderPrefix(round)}${String(index).padStart(4, '0')}`;
}

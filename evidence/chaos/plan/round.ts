import { GUARANTEES, type Guarantee } from 'exactly-one';
import type { Faults } from '../../../testbed/operate-service.ts';
import { createSeededRandom } from '../../../testbed/seeded-random.ts';
import { planFaults } from './faults.ts';
import { type PlannedStop, planStops } from './stops.ts';

/** All that a round does, but for the clients' part, which is planned for each order by itself. */
export interface RoundPlan {
  readonly seed: number;
  /** From 1. */
  readonly round: number;
  /** Of the ticket system; three rounds in a row have each guarantee once. */
  readonly guarantee: Guarantee;
  /** How long orders are submitted and processes stopped. */
  readonly activeMs: number;
  readonly faults: Required<Pick<Faults, 'seed' | 'rules'>>;
  readonly stops: readonly PlannedStop[];
}

/** The plan of a round, the same one for the same seed. */
export function planRound(seed: number, round: number, activeMs: number): RoundPlan {
  const random = createSeededRandom(seed + 15_485_863 * round);
  const guarantee = GUARANTEES[(round - 1) % GUARANTEES.length] ?? 'none';
  const faults = planFaults(random);
  return { seed, round, guarantee, activeMs, faults, stops: planStops(random, activeMs, guarantee) };
}

/** Order ids of a round begin so. */
export function orderPrefix(round: number): string {
  return `round-${round}-`;
}

export function orderIdOf(round: number, index: number): string {
  return `${orderPrefix(round)}${String(index).padStart(4, '0')}`;
}

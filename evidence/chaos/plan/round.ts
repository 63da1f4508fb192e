import { GUARANTEES, type Guarantee } from 'exactly-one';
import type { Faults } from '../../../testbed/put-faults.ts';
import { createSeededRandom } from '../../../testbed/seeded-random.ts';
import { planFaults } from './faults.ts';
import { type PlannedMove, planMoves } from './moves.ts';
import { type PlannedPoison, planPoison } from './poison.ts';
import { type PlannedStall, planStalls } from './stalls.ts';
import { type PlannedStop, planStops } from './stops.ts';

/** Everything planned for a round except the clients' steps, which are planned per order. */
export interface RoundPlan {
  readonly seed: number;
  /** From 1. */
  readonly round: number;
  /** What the ticket system promises in this round; three rounds have each guarantee once. */
  readonly guarantee: Guarantee;
  /** How long orders are submitted and processes are stopped. */
  readonly activeMs: number;
  readonly faults: Required<Pick<Faults, 'seed' | 'rules'>>;
  readonly stops: readonly PlannedStop[];
  readonly moves: readonly PlannedMove[];
  readonly poison: readonly PlannedPoison[];
  readonly stalls: readonly PlannedStall[];
}

/** The plan of a round; the same seed gives the same plan. */
export function planRound(seed: number, round: number, activeMs: number): RoundPlan {
  const random = createSeededRandom(seed + 15_485_863 * round);
  const guarantee = GUARANTEES[(round - 1) % GUARANTEES.length] ?? 'none';
  const faults = planFaults(random);
  const stops = planStops(random, activeMs, guarantee);
  const moves = planMoves(seed, round, activeMs);
  const poison = planPoison(seed, round, activeMs);
  const stalls = planStalls(seed, round, activeMs);
  return { seed, round, guarantee, activeMs, faults, stops, moves, poison, stalls };
}

/** The prefix of the order ids of a round. */
export function orderPrefix(round: number): string {
  return `round-${round}-`;
}

export function orderIdOf(round: number, index: number): string {
  return `${orderPrefix(round)}${String(index).padStart(4, '0')}`;
}

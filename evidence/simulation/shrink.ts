import type { Violation } from './checker/invariants.ts';
import { play } from './play.ts';
import { NORMAL } from './scenario/planned-requests.ts';
import { calmScenario, type Scenario } from './scenario/scenario.ts';
import type { Protocol } from './simulated/world.ts';

/** Shrinking is a convenience: it need not find the smallest scenario, but it must end soon. */
const MAX_PLAYS = 3_000;

/**
 * Makes a broken scenario smaller by removing what its violation does not need.
 * @param protocol functions that replace those of the real protocol, for a test
 * @returns the smallest scenario found that violates the same invariant
 */
export async function shrink(
  broken: Scenario,
  { invariant }: Violation,
  protocol: Partial<Protocol> = {},
): Promise<Scenario> {
  let smallest = broken;
  let plays = 0;
  for (let changed = true; changed; ) {
    changed = false;
    for (const candidate of smallerScenarios(smallest)) {
      plays += 1;
      if (plays > MAX_PLAYS) return smallest;
      const { violation } = await play(candidate, { protocol });
      if (violation?.invariant !== invariant) continue;
      smallest = candidate;
      changed = true;
      break;
    }
  }
  return smallest;
}

const LISTS = [
  'existingTickets',
  'checks',
  'voids',
  'creates',
  'watchStartsAfterMs',
  'continueAsNewBeforeSteps',
  'resubmissions',
  'cancellations',
  'terminations',
  'resolutions',
  'invalidVoids',
  'promisedTicketRemovals',
  'clockChanges',
] as const;

/** Scenarios with one difference fewer from a calm one, the largest differences first. */
function* smallerScenarios(scenario: Scenario): Generator<Scenario> {
  const { claimedAtFirst, timings } = calmScenario(scenario.guarantee);
  for (const list of LISTS) {
    if (scenario[list].length > 0) yield { ...scenario, [list]: [] };
  }
  if (scenario.claimedAtFirst.reads > 0) yield { ...scenario, claimedAtFirst };
  for (const list of LISTS) {
    const elements: readonly unknown[] = scenario[list];
    for (const index of elements.keys()) yield { ...scenario, [list]: elements.toSpliced(index, 1) };
  }
  for (const creates of moreNormal(scenario.creates, NORMAL.create)) yield { ...scenario, creates };
  for (const checks of moreNormal(scenario.checks, NORMAL.check)) yield { ...scenario, checks };
  for (const voids of moreNormal(scenario.voids, NORMAL.void)) yield { ...scenario, voids };
  if (scenario.timings.clockSkewMs !== timings.clockSkewMs) yield { ...scenario, timings };
}

/** The plans, one of which is normal, or normal in one more of its properties. */
function* moreNormal<Plan extends object>(plans: readonly Plan[], normal: Plan): Generator<readonly Plan[]> {
  const normalValues = new Map<string, unknown>(Object.entries(normal));
  for (const [index, plan] of plans.entries()) {
    if (!isSame(plan, normal)) yield plans.with(index, normal);
    for (const [name, value] of Object.entries(plan)) {
      const normalValue = normalValues.get(name);
      if (!isSame(value, normalValue)) yield plans.with(index, { ...plan, [name]: normalValue });
    }
  }
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

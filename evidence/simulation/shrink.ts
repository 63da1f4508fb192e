import type { Violation } from './checker/invariants.ts';
import { play } from './play.ts';
import { calmScenario, type Scenario, WELL } from './scenario/scenario.ts';
import type { Parts } from './simulated/world.ts';

/** Shrinking is for people: it need not be perfect, but must end soon. */
const MOST_PLAYS = 3_000;

/**
 * Makes a broken scenario smaller as long as the same invariant stays broken: what is not needed goes.
 * @param parts broken parts of the protocol, for a test
 * @returns the smallest one found
 */
export async function shrink(
  broken: Scenario,
  { invariant }: Violation,
  parts: Partial<Parts> = {},
): Promise<Scenario> {
  let smallest = broken;
  let plays = 0;
  for (let changed = true; changed; ) {
    changed = false;
    for (const candidate of smallerThan(smallest)) {
      plays += 1;
      if (plays > MOST_PLAYS) return smallest;
      const { violation } = await play(candidate, { parts });
      if (violation?.invariant !== invariant) continue;
      smallest = candidate;
      changed = true;
      break;
    }
  }
  return smallest;
}

const LISTS = [
  'before',
  'checks',
  'voids',
  'creates',
  'watchStartsMs',
  'longHistoryAt',
  'submissions',
  'cancellations',
  'terminations',
  'wrongVoids',
  'promisedGoes',
  'clockSteps',
] as const;

function* smallerThan(scenario: Scenario): Generator<Scenario> {
  const calm = calmScenario(scenario.guarantee);
  for (const list of LISTS) {
    if (scenario[list].length > 0) yield { ...scenario, [list]: [] };
  }
  if (scenario.saidAtFirst.questions > 0) yield { ...scenario, saidAtFirst: calm.saidAtFirst };
  for (const list of LISTS) {
    const elements: readonly unknown[] = scenario[list];
    for (const index of elements.keys()) yield { ...scenario, [list]: without(elements, index) };
  }
  for (const [list, well] of [
    ['creates', WELL.create],
    ['checks', WELL.look],
    ['voids', WELL.void],
  ] as const) {
    for (const [index, fate] of scenario[list].entries()) {
      for (const smaller of nearer(fate, well)) yield { ...scenario, [list]: scenario[list].with(index, smaller) };
    }
  }
  if (scenario.timings.clockSkewMs !== calm.timings.clockSkewMs) yield { ...scenario, timings: calm.timings };
}

/** A fate with one thing less that is not well. */
function* nearer(fate: object, well: object): Generator<never> {
  const wells = new Map(Object.entries(well));
  const entries = Object.entries(fate);
  if (JSON.stringify(fate) !== JSON.stringify(well)) yield well as never;
  for (const [name, value] of entries) {
    const good = wells.get(name);
    if (JSON.stringify(value) === JSON.stringify(good)) continue;
    const others = entries.filter(([each]) => each !== name);
    yield Object.fromEntries(good === undefined ? others : [...others, [name, good]]) as never;
  }
}

function without<Value>(values: readonly Value[], index: number): readonly Value[] {
  return values.filter((_, each) => each !== index);
}

import type { Violation } from './invariants.ts';
import { play } from './play.ts';
import { calmStory, type Story, WELL } from './story.ts';
import type { Parts } from './world.ts';

/** Shrinking is for people: it need not be perfect, but must end soon. */
const MOST_PLAYS = 3_000;

/**
 * Makes a broken story smaller as long as the same invariant stays broken: what is not needed goes.
 * @param parts broken parts of the protocol, for a test
 * @returns the smallest one found
 */
export async function shrink(broken: Story, { invariant }: Violation, parts: Partial<Parts> = {}): Promise<Story> {
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
  'looks',
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

function* smallerThan(story: Story): Generator<Story> {
  const calm = calmStory(story.guarantee);
  for (const list of LISTS) {
    if (story[list].length > 0) yield { ...story, [list]: [] };
  }
  if (story.saidAtFirst.questions > 0) yield { ...story, saidAtFirst: calm.saidAtFirst };
  for (const list of LISTS) {
    const elements: readonly unknown[] = story[list];
    for (const index of elements.keys()) yield { ...story, [list]: without(elements, index) };
  }
  for (const [list, well] of [
    ['creates', WELL.create],
    ['looks', WELL.look],
    ['voids', WELL.void],
  ] as const) {
    for (const [index, fate] of story[list].entries()) {
      for (const smaller of nearer(fate, well)) yield { ...story, [list]: story[list].with(index, smaller) };
    }
  }
  if (story.intervals.clockSkewMs !== calm.intervals.clockSkewMs) yield { ...story, intervals: calm.intervals };
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

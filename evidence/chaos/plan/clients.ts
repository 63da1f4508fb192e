import { createSeededRandom, type SeededRandom } from '../../../testbed/seeded-random.ts';

/** When a client does something: so long after the order was submitted, or after its create has begun. */
export interface Moment {
  readonly after: 'submission' | 'create begun';
  readonly ms: number;
}

/** What a client does with an order that it has submitted. */
export type ClientStep =
  | { readonly does: 'submit again'; readonly at: Moment }
  | { readonly does: 'cancel'; readonly at: Moment }
  /** Terminates the run and submits the same order again. */
  | { readonly does: 'terminate'; readonly at: Moment; readonly resubmitAfterMs: number }
  /** Waits for the end; the same order must answer with the same ticket, or, without one, is begun anew. */
  | { readonly does: 'submit after the end' };

type Step = (random: SeededRandom) => ClientStep;

const submitAgain: Step = (random) => ({ does: 'submit again', at: momentOf(random) });
const cancel: Step = (random) => ({ does: 'cancel', at: momentOf(random) });
const terminate: Step = (random) => ({
  does: 'terminate',
  at: momentOf(random),
  // A create that is still in flight then is what the fence of the next run is for.
  resubmitAfterMs: random.chance(0.6) ? random.between(0, 200) : random.between(0, 1_500),
});
const submitAfterTheEnd: Step = () => ({ does: 'submit after the end' });

/** What clients do, and how often among 100 orders; the others are submitted once and left alone. */
const HABITS: readonly { readonly of100: number; readonly steps: readonly Step[] }[] = [
  { of100: 5, steps: [submitAgain] },
  { of100: 2, steps: [submitAgain, submitAgain, submitAfterTheEnd] },
  { of100: 4, steps: [cancel] },
  { of100: 2, steps: [cancel, submitAfterTheEnd] },
  { of100: 5, steps: [terminate] },
  { of100: 2, steps: [terminate, terminate] },
  { of100: 1, steps: [terminate, cancel] },
  { of100: 1, steps: [cancel, terminate] },
];

/** What happens to the n-th order of a round. */
export function planClient(seed: number, round: number, index: number): readonly ClientStep[] {
  const random = createSeededRandom(seed + 7_919 * round + 104_729 * index);
  let drawn = random.between(0, 99);
  for (const { of100, steps } of HABITS) {
    if (drawn < of100) return steps.map((step) => step(random));
    drawn -= of100;
  }
  return [];
}

/** Most of these moments are to find a create in flight. */
function momentOf(random: SeededRandom): Moment {
  return random.chance(0.7)
    ? { after: 'create begun', ms: random.between(0, 250) }
    : { after: 'submission', ms: random.between(0, 3_000) };
}

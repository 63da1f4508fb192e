import { createSeededRandom, type SeededRandom } from '../../../testbed/seeded-random.ts';

/** When a client acts: this long after the order was submitted, or after its create started. */
export interface Moment {
  readonly after: 'submission' | 'create started';
  readonly ms: number;
}

/** What a client does with an order after submitting it. */
export type ClientStep =
  | { readonly action: 'submit again'; readonly at: Moment }
  | { readonly action: 'cancel'; readonly at: Moment }
  /** Terminates the run, then submits the same order again. */
  | { readonly action: 'terminate'; readonly at: Moment; readonly resubmitAfterMs: number }
  /** Waits for the end first. The order must return the same ticket; without a ticket it starts again. */
  | { readonly action: 'submit after the end' };

type DrawStep = (random: SeededRandom) => ClientStep;

const submitAgain: DrawStep = (random) => ({ action: 'submit again', at: drawMoment(random) });
const cancel: DrawStep = (random) => ({ action: 'cancel', at: drawMoment(random) });
const terminate: DrawStep = (random) => ({
  action: 'terminate',
  at: drawMoment(random),
  // Mostly at once: a create that is still in flight then is what the next run needs its fence for.
  resubmitAfterMs: random.chance(0.6) ? random.between(0, 200) : random.between(0, 1_500),
});
const submitAfterTheEnd: DrawStep = () => ({ action: 'submit after the end' });

/** What clients do, and with how many of 100 orders. All others are submitted once and left alone. */
const SCRIPTS: readonly { readonly of100: number; readonly steps: readonly DrawStep[] }[] = [
  { of100: 5, steps: [submitAgain] },
  { of100: 2, steps: [submitAgain, submitAgain, submitAfterTheEnd] },
  { of100: 4, steps: [cancel] },
  { of100: 2, steps: [cancel, submitAfterTheEnd] },
  { of100: 5, steps: [terminate] },
  { of100: 2, steps: [terminate, terminate] },
  { of100: 1, steps: [terminate, cancel] },
  { of100: 1, steps: [cancel, terminate] },
];

/** The client steps for the n-th order of a round. */
export function planClientSteps(seed: number, round: number, index: number): readonly ClientStep[] {
  const random = createSeededRandom(seed + 7_919 * round + 104_729 * index);
  let drawn = random.between(0, 99);
  for (const { of100, steps } of SCRIPTS) {
    if (drawn < of100) return steps.map((step) => step(random));
    drawn -= of100;
  }
  return [];
}

/** Mostly a moment at which a create is likely to be in flight. */
function drawMoment(random: SeededRandom): Moment {
  return random.chance(0.7)
    ? { after: 'create started', ms: random.between(0, 250) }
    : { after: 'submission', ms: random.between(0, 3_000) };
}

import type { Guarantee, Timings } from 'exactly-one';
import type { SeededRandom } from '../../../testbed/seeded-random.ts';

/** What the parts of a scenario are drawn from: a random generator, and the kinds of faults that the scenario has. */
export interface FaultMix {
  readonly random: SeededRandom;
  readonly guarantee: Guarantee;
  readonly timings: Timings;
  /** The share of requests that have faults. */
  readonly faultShare: number;
  readonly wrongResponses: boolean;
  readonly lateCommits: boolean;
  readonly delays: boolean;
  readonly staleReads: boolean;
  readonly droppedHeaders: boolean;
  readonly replays: boolean;
}

const TIMINGS: readonly [Timings, ...Timings[]] = [
  { createDeadlineMs: 1_000, clockSkewMs: 100, settleMs: 2_000, lateWatchMs: [1_000, 3_000] },
  { createDeadlineMs: 1_000, clockSkewMs: 100, settleMs: 900, acceptWithinMs: 3_000, lateWatchMs: [1_000, 2_000] },
  { createDeadlineMs: 1_000, clockSkewMs: 400, settleMs: 1_500, lateWatchMs: [2_000] },
  { createDeadlineMs: 2_000, clockSkewMs: 250, settleMs: 600, lateWatchMs: [700, 900, 1_600] },
];

/** Each kind of fault is drawn independently of the others, so that it also occurs without them. */
export function drawFaultMix(random: SeededRandom, guarantee: Guarantee): FaultMix {
  return {
    random,
    guarantee,
    timings: random.pick(TIMINGS),
    faultShare: random.pick([0.3, 0.6, 0.9]),
    wrongResponses: random.chance(0.5),
    lateCommits: random.chance(0.5),
    delays: random.chance(0.4),
    staleReads: random.chance(0.4),
    droppedHeaders: random.chance(0.15),
    replays: random.chance(0.4),
  };
}

import type { Timings } from 'exactly-one';

/** Small timings, so that a round comes to rest within seconds. */
export const TIMINGS: Timings = {
  createDeadlineMs: 2_000,
  clockSkewMs: 200,
  settleMs: 1_000,
  lateWatchMs: [2_000, 6_000],
};

/**
 * Where nothing is promised, a create is covered that commits so long after it was scheduled: what chaos does to it must
 * stay below, or it breaks the assumption and not the product.
 */
export const COVERED_MS =
  TIMINGS.createDeadlineMs + TIMINGS.settleMs + TIMINGS.lateWatchMs.reduce((sum, ms) => sum + ms, 0);

/** The latest that a fault lets a create commit after it was received. */
export const LONGEST_LATE_COMMIT_MS = 4_000;

/** What else a fault can add before and after that. */
export const LONGEST_DELAY_MS = 400;

/**
 * I7: so soon after all faults and stops are over an order must have ended, its late watch too. The longest way there:
 * an activity whose worker died (7 s) or a workflow task whose worker died (10 s), a pause between retries (10 s at
 * most), a create, the fence and the late watch (11 s): on a machine with nothing else to do it takes about 10 s.
 */
export const ENDS_WITHIN_MS = 120_000;

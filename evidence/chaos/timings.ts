import type { Timings } from 'exactly-one';

/** Small timings, so that a round comes to rest within seconds. */
export const TIMINGS: Required<Timings> = {
  createDeadlineMs: 2_000,
  clockSkewMs: 200,
  settleMs: 1_000,
  acceptWithinMs: 1_500,
  lateWatchMs: [2_000, 6_000],
};

/** Short enough for tokens to expire during a round. */
export const TOKEN_TTL_MS = 20_000;

/**
 * With guarantee `none`, a create is covered if it commits within this time after it was scheduled. Faults and stops must
 * stay below it, or they would break the assumption instead of testing the product.
 */
export const COVERED_MS =
  TIMINGS.createDeadlineMs +
  TIMINGS.acceptWithinMs +
  TIMINGS.settleMs +
  TIMINGS.lateWatchMs.reduce((sum, ms) => sum + ms, 0);

/** The latest commit of a create, after it was received, that a fault can cause. */
export const LONGEST_LATE_COMMIT_MS = 5_500;

/** The longest delay that faults can add before that, and again after it. */
export const LONGEST_DELAY_MS = 400;

/**
 * I7: the time in which an order and its late watch must end after the last fault or stop. The longest way: an activity
 * (7 s) or a workflow task (10 s) whose worker died, a pause between retries (at most 10 s), a create, the fence and the
 * late watch (11 s). On an idle machine it takes about 10 s.
 */
export const ENDS_WITHIN_MS = 120_000;

/** Small timings, for a demo and tests. With a real carrier they would be minutes. */
export const TIMINGS = {
  createDeadlineMs: 1_500,
  clockSkewMs: 100,
  settleMs: 500,
  lateWatchMs: [1_000, 2_000],
} as const;

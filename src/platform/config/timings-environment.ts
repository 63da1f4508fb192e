import type { Timings } from 'exactly-one';

/** The settings that give a program these timings: `readSettings` reads the same values back. */
export function timingsEnvironment({
  createDeadlineMs,
  clockSkewMs,
  settleMs,
  acceptWithinMs = 0,
  lateWatchMs,
}: Timings) {
  return {
    CREATE_DEADLINE_MS: String(createDeadlineMs),
    CLOCK_SKEW_MS: String(clockSkewMs),
    SETTLE_MS: String(settleMs),
    ACCEPT_WITHIN_MS: String(acceptWithinMs),
    LATE_WATCH_MS: lateWatchMs.join(','),
  } as const;
}

/** The service's own clock in epoch milliseconds. It never steps back. */
export interface ServiceClock {
  /** @param notBeforeMs the time of the newest record in a response, which must not be older than what it shows */
  nowMs(notBeforeMs?: number): number;
}

/**
 * Creates a clock that follows the wall clock but never steps back.
 * @param wallClock epoch milliseconds
 * @param notBeforeMs the time of the newest record of earlier processes
 */
export function createServiceClock(wallClock: () => number, notBeforeMs = 0): ServiceClock {
  let latestMs = notBeforeMs;
  return {
    nowMs(recordMs = 0) {
      latestMs = Math.max(latestMs, recordMs, wallClock());
      return latestMs;
    },
  };
}

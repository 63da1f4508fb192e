/** The service's own clock, in epoch milliseconds. It never goes back. */
export interface ServiceClock {
  /** @param notBeforeMs a record's time: no answer is older than what it is about */
  nowMs(notBeforeMs?: number): number;
}

/**
 * @param wallClock epoch milliseconds; it may step back
 * @param notBeforeMs the newest record of an earlier life of this service
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

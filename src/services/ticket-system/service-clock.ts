/** The service's own clock in epoch milliseconds. It never steps back. */
export interface ServiceClock {
  /** @param notBeforeMs the time of a record: no response may be older than what it shows */
  nowMs(notBeforeMs?: number): number;
}

/**
 * @param wallClock epoch milliseconds; it may step back
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

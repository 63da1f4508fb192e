/** The intervals that the protocol decides by, all in milliseconds. */
export interface Timings {
  /** How long a create may take, from the moment it is scheduled. */
  readonly createDeadlineMs: number;
  /** The most by which the clocks of Temporal, workers and service differ, and by which the service's steps back. */
  readonly clockSkewMs: number;
  /** Only for guarantee `none`: how long after its deadline a create can be expected to commit. */
  readonly settleMs: number;
  /**
   * How long a service that responds before it has finished (202) may take to finish a create, counted from its deadline
   * at the latest. Default 0: the service responds only when it has finished.
   */
  readonly acceptWithinMs?: number;
  /**
   * Only for guarantee `none`: the pauses before the checks of the late watch, or before an order closes without an
   * item.
   */
  readonly lateWatchMs: readonly number[];
}

/**
 * How Temporal must run the activity that sends a create. It must not retry it, because what follows an attempt is
 * decided only after checking what happened.
 * @returns the maximum number of attempts, and the timeouts in milliseconds. With them no worker starts a create after
 *   its deadline, and no create that is still in time is cut off. With a heartbeat timeout as well, the loop learns
 *   sooner that the worker died. It may then learn it of a worker that still lives and sends its create later: the
 *   outcome is unknown, as after any timeout, and nothing is decided before the fence.
 */
export function createLimits(createDeadlineMs: number, clockSkewMs: number) {
  return {
    maximumAttempts: 1,
    scheduleToStartMs: createDeadlineMs,
    startToCloseMs: createDeadlineMs + clockSkewMs + 1_000,
  };
}

/**
 * How long a request may still take, in milliseconds; zero or less means that it must not be sent any more.
 * It needs two clocks, because the wall clock may be set back and the monotonic clock stops while a machine sleeps.
 */
export function timeLeftToSendMs(request: {
  /** Epoch milliseconds, by the worker's wall clock. */
  nowMs: number;
  /** Epoch milliseconds. */
  deadlineMs: number;
  /** Since the worker received the task, by a monotonic clock. */
  elapsedMs: number;
  createDeadlineMs: number;
}): number {
  return Math.min(request.deadlineMs - request.nowMs, request.createDeadlineMs - request.elapsedMs);
}

/**
 * The deadline of one attempt to void an item without a keeper: epoch milliseconds, before the fence of any later run.
 * @param attemptScheduledAtMs when Temporal scheduled this attempt
 */
export function voidDeadline(attemptScheduledAtMs: number, createDeadlineMs: number): number {
  return attemptScheduledAtMs + createDeadlineMs;
}

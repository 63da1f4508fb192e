import type { Guarantee } from './guarantee.ts';

/**
 * The fence: the moment after which no create sent so far can still commit.
 * A service with deadlines keeps them itself; with guarantee `none` the deadline plus `settleMs` is a hope,
 * and the late watch covers what comes after it.
 */
export function fenceOf(lastDeadlineMs: number, guarantee: Guarantee, settleMs: number): number {
  return guarantee === 'none' ? lastDeadlineMs + settleMs : lastDeadlineMs;
}

/**
 * The latest deadline that an earlier, closed run of the same order can have given to a create or to a cancelling void:
 * it gave it before this run started, on a clock that differs by `clockSkewMs` at most.
 */
export function deadlineOfEarlierRun(startedAtMs: number, createDeadlineMs: number, clockSkewMs: number): number {
  return startedAtMs + createDeadlineMs + clockSkewMs;
}

/**
 * Whether an answer shows the state after the fence: only then does an absent item stay absent.
 * Without a fence no create is in flight, and every complete response counts.
 */
export function isPastFence(asOfMs: number, fenceMs: number | undefined, clockSkewMs: number): boolean {
  return fenceMs === undefined || asOfMs > fenceMs + clockSkewMs;
}

/**
 * Whether the service took its answer during the request, its clock being off by `clockSkewMs` at most.
 * An older answer may lack what has been committed since; one from the future proves nothing.
 */
export function isFresh(answer: {
  asOfMs: number;
  requestedAtMs: number;
  receivedAtMs: number;
  clockSkewMs: number;
}): boolean {
  return (
    answer.asOfMs >= answer.requestedAtMs - answer.clockSkewMs &&
    answer.asOfMs <= answer.receivedAtMs + answer.clockSkewMs
  );
}

/**
 * How long a send may still take; zero or less: it is too late to send.
 * Both clocks must agree: the wall clock can be set back, the monotonic one stands while a machine sleeps.
 */
export function sendTimeLeftMs(send: {
  nowMs: number;
  deadlineMs: number;
  /** Monotonic time since the worker got the task. */
  elapsedMs: number;
  createDeadlineMs: number;
}): number {
  return Math.min(send.deadlineMs - send.nowMs, send.createDeadlineMs - send.elapsedMs);
}

/**
 * How often Temporal tries a create, and when it gives up one whose worker may have died. A create is never repeated by
 * the platform: what follows an attempt is decided after looking.
 */
export function createLimits(createDeadlineMs: number, clockSkewMs: number) {
  return {
    maximumAttempts: 1,
    scheduleToStartMs: createDeadlineMs,
    startToCloseMs: createDeadlineMs + clockSkewMs + 1_000,
  };
}

const FIRST_LOOK_AFTER_MS = 250;
const LONGEST_PAUSE_MS = 5_000;

/** The pause before the next look while settling: short at first, since an item ends the wait, then up to the fence. */
export function settlePauseMs(checks: number, untilFenceMs: number): number {
  const growing = Math.min(FIRST_LOOK_AFTER_MS * 2 ** Math.min(checks, 10), LONGEST_PAUSE_MS);
  return Math.max(1, Math.min(growing, untilFenceMs + 1));
}

/**
 * The deadline of one sending of a cancelling void, counted from when Temporal scheduled it, so that it ends before
 * the fence of any later run of the order.
 */
export function voidDeadline(attemptScheduledAtMs: number, createDeadlineMs: number): number {
  return attemptScheduledAtMs + createDeadlineMs;
}

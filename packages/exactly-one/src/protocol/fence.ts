import type { Guarantee } from './guarantee.ts';

/**
 * The fence: the time after which no create sent so far can still commit, in epoch milliseconds.
 * A service with deadlines enforces them itself. With guarantee `none` the deadline plus `settleMs` is only a hope, and
 * the late watch covers what commits after it.
 */
export function fenceOf(lastDeadlineMs: number, guarantee: Guarantee, settleMs: number): number {
  return guarantee === 'none' ? lastDeadlineMs + settleMs : lastDeadlineMs;
}

/**
 * The latest deadline, in epoch milliseconds, that an earlier, closed run of the same order can have given to a create
 * or to a cancelling void. It did so before this run started, by a clock that differs by at most `clockSkewMs`.
 */
export function deadlineOfEarlierRun(startedAtMs: number, createDeadlineMs: number, clockSkewMs: number): number {
  return startedAtMs + createDeadlineMs + clockSkewMs;
}

/**
 * Whether a response shows the state after the fence. Only then is an absent item certain to stay absent.
 * @param asOfMs when the service read its items: epoch milliseconds
 * @param fenceMs undefined when no create is in flight; then every complete response counts
 */
export function isPastFence(asOfMs: number, fenceMs: number | undefined, clockSkewMs: number): boolean {
  return fenceMs === undefined || asOfMs > fenceMs + clockSkewMs;
}

const FIRST_PAUSE_MS = 250;
const MAX_PAUSE_MS = 5_000;

/**
 * The pause before the next check while settling, in milliseconds. It is short at first, because an item that is found
 * ends the wait, and it never ends later than just past the fence.
 * @param checks checks since the last create
 */
export function settlePauseMs(checks: number, untilFenceMs: number): number {
  const growing = Math.min(FIRST_PAUSE_MS * 2 ** Math.min(checks, 10), MAX_PAUSE_MS);
  return Math.max(1, Math.min(growing, untilFenceMs + 1));
}

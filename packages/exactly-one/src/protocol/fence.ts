import type { Guarantee } from './guarantee.ts';
import type { Timings } from './timings.ts';

/** The creates whose commits a fence must follow. All times are epoch milliseconds. */
interface FencedCreates {
  readonly guarantee: Guarantee;
  /** The latest deadline of all creates. */
  readonly lastDeadlineMs: number;
  /** The latest time at which the service itself wants to have finished one of them, by its own clock. */
  readonly readyAtMs?: number;
}

/**
 * The fence: the time after which no create sent so far can still commit, in epoch milliseconds.
 * A service with deadlines enforces them itself. It may accept a create until its deadline and finish it within
 * `acceptWithinMs`. Whether it accepted is not always known, so that counts for every create; a time that the service
 * states can only add to it. With guarantee `none` all of this plus `settleMs` is only a hope, and the late watch covers
 * what commits after it.
 */
export function fenceOf(
  { guarantee, lastDeadlineMs, readyAtMs }: FencedCreates,
  { acceptWithinMs = 0, settleMs }: Pick<Timings, 'acceptWithinMs' | 'settleMs'>,
): number {
  const finishedMs = Math.max(lastDeadlineMs + acceptWithinMs, readyAtMs ?? 0);
  return guarantee === 'none' ? finishedMs + settleMs : finishedMs;
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

/** The first pause while settling, and the shortest one between two checks. */
export const LEAST_PAUSE_MS = 250;
const MAX_PAUSE_MS = 5_000;

/**
 * The pause before the next check while settling, in milliseconds. It is short at first, because an item that is found
 * ends the wait, and it never ends later than just past the fence.
 * @param checks checks since the last create
 */
export function settlePauseMs(checks: number, untilFenceMs: number): number {
  const growing = Math.min(LEAST_PAUSE_MS * 2 ** Math.min(checks, 10), MAX_PAUSE_MS);
  return Math.max(1, Math.min(growing, untilFenceMs + 1));
}

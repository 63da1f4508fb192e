import { TaskCancelledError, TimeoutStrategy, timeout } from 'cockatiel';

/** The longest delay that a timer of Node can hold: a longer one would be over at once. */
export const LONGEST_TIMER_MS = 2_147_483_647;

/** The work did not end in time. Whether it had its effect is not known. */
export class TimedOut extends Error {
  override readonly name = 'TimedOut';
  readonly timeoutMs: number;

  constructor(what: string, timeoutMs: number, options?: ErrorOptions) {
    super(`no ${what} within ${timeoutMs / 1_000} s`, options);
    this.timeoutMs = timeoutMs;
  }
}

/**
 * Waits for work, but not for longer than the time given, and aborts it then. Work that does not obey its signal is no
 * longer waited for. The signal stays quiet once the work has ended, so that a body can still be read under it.
 * @param options.timeoutMs 0 to 2^31 - 1
 * @param options.what is waited for, for the message; default `result`
 * @param options.signal ends the wait, and the work, before its time
 * @throws TimedOut, the cause being what the aborted work threw; the reason of `signal` when that was aborted; otherwise
 *   what the work throws; RangeError for a time that no timer can hold
 */
export async function withTimeout<T>(
  work: (signal: AbortSignal) => Promise<T>,
  {
    timeoutMs,
    what = 'result',
    signal,
  }: { readonly timeoutMs: number; readonly what?: string; readonly signal?: AbortSignal },
): Promise<T> {
  if (!(timeoutMs >= 0 && timeoutMs <= LONGEST_TIMER_MS)) {
    throw new RangeError(`a time-out is 0 to ${LONGEST_TIMER_MS} ms, not ${timeoutMs}`);
  }
  signal?.throwIfAborted();
  const policy = timeout(timeoutMs, { strategy: TimeoutStrategy.Aggressive, abortOnReturn: false });
  let aborted = false;
  policy.onTimeout(() => {
    aborted = true;
  });
  try {
    return await policy.execute(({ signal: untilTimeout }) => work(untilTimeout), signal);
  } catch (error) {
    if (!aborted) throw error;
    signal?.throwIfAborted();
    throw new TimedOut(what, timeoutMs, error instanceof TaskCancelledError ? {} : { cause: error });
  }
}

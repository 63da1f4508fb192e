import { setTimeout as pause } from 'node:timers/promises';
import { errorMessage } from '../../contracts/errors.ts';

interface WaitOptions<T> {
  /** What to wait for, for the error message: `the Temporal server at 127.0.0.1:7233`. */
  readonly what: string;
  readonly timeoutMs: number;
  /** Default 50. */
  readonly everyMs?: number;
  /** Which errors of an attempt allow another attempt; default all. */
  readonly retryable?: (error: unknown) => boolean;
  /** Called with the result of an attempt that succeeds only when the wait is over, such as to close it. */
  readonly discard?: (late: T) => unknown;
}

/** The time is up. The cause is the last error of an attempt, if there was one. */
export class WaitTimeoutError extends Error {
  override readonly name = 'WaitTimeoutError';
}

/**
 * Repeats an attempt until it returns something other than undefined and false. An attempt that throws is repeated; one
 * that hangs does not extend the wait.
 * @returns the result of the successful attempt
 * @throws WaitTimeoutError after `timeoutMs`, or the error of an attempt when it is not retryable
 */
export async function waitUntil<T>(
  attempt: () => Promise<T | undefined | false> | T | undefined | false,
  { what, timeoutMs, everyMs = 50, retryable = () => true, discard }: WaitOptions<T>,
): Promise<T> {
  const stopped = new AbortController();
  // The timer alone decides when the time is up: it may fire before a clock says so, and another attempt would begin.
  let isOver = false;
  const timeIsUp = pause(timeoutMs, undefined, { signal: stopped.signal })
    .catch(() => undefined)
    .finally(() => {
      isOver = true;
    });
  let lastError: unknown;
  let last: ReturnType<typeof attempt>;
  try {
    do {
      try {
        last = attempt();
        const result = await Promise.race([last, timeIsUp]);
        if (result !== undefined && result !== false) return result;
      } catch (error) {
        if (!retryable(error)) throw error;
        lastError = error;
      }
      await Promise.race([pause(everyMs, undefined, { signal: stopped.signal }).catch(() => undefined), timeIsUp]);
    } while (!isOver);
  } finally {
    stopped.abort();
  }
  if (discard !== undefined) discardLate(last, discard);
  const reason = lastError === undefined ? '' : `: ${errorMessage(lastError)}`;
  throw new WaitTimeoutError(`waited ${timeoutMs / 1000} s for ${what}${reason}`, { cause: lastError });
}

/** The attempt was abandoned, so its error is of no interest either, nor is that of discarding it. */
function discardLate<T>(
  attempt: Promise<T | undefined | false> | T | undefined | false,
  discard: (late: T) => unknown,
) {
  Promise.resolve(attempt)
    .then((late) => (late === undefined || late === false ? undefined : discard(late)))
    .catch(() => undefined);
}

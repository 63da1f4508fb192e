import { setTimeout as pause } from 'node:timers/promises';
import { errorMessage } from '../../contracts/errors.ts';

interface WaitOptions {
  /** What to wait for, for the error message: `the Temporal server at 127.0.0.1:7233`. */
  readonly what: string;
  readonly timeoutMs: number;
  /** Default 50. */
  readonly everyMs?: number;
  /** Which errors of an attempt allow another attempt; default all. */
  readonly retryable?: (error: unknown) => boolean;
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
  { what, timeoutMs, everyMs = 50, retryable = () => true }: WaitOptions,
): Promise<T> {
  const endsAt = performance.now() + timeoutMs;
  const stopped = new AbortController();
  const timeIsUp = pause(timeoutMs, undefined, { signal: stopped.signal }).catch(() => undefined);
  let lastError: unknown;
  try {
    do {
      try {
        const result = await Promise.race([attempt(), timeIsUp]);
        if (result !== undefined && result !== false) return result;
      } catch (error) {
        if (!retryable(error)) throw error;
        lastError = error;
      }
      await Promise.race([pause(everyMs), timeIsUp]);
    } while (performance.now() < endsAt);
  } finally {
    stopped.abort();
  }
  const last = lastError === undefined ? '' : `: ${errorMessage(lastError)}`;
  throw new WaitTimeoutError(`waited ${timeoutMs / 1000} s for ${what}${last}`, { cause: lastError });
}

import { setTimeout as pause } from 'node:timers/promises';
import { errorMessage } from '../../contracts/errors.ts';

export interface WaitOptions {
  /** What is waited for, for the message when it does not come: `the Temporal server at 127.0.0.1:7233`. */
  readonly what: string;
  readonly timeoutMs: number;
  /** Default 50. */
  readonly everyMs?: number;
  /** Which of the attempt's errors are worth another attempt; default all. */
  readonly retryable?: (error: unknown) => boolean;
}

/** What was waited for did not come in time; the cause is the last attempt's error, if it threw one. */
export class WaitTimeoutError extends Error {
  override readonly name = 'WaitTimeoutError';
}

/**
 * Asks again and again until the answer is neither undefined nor false. An attempt that throws counts as not yet, one
 * that hangs does not extend the wait.
 * @throws WaitTimeoutError after `timeoutMs`; the attempt's own error when it is not retryable
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
        const answer = await Promise.race([attempt(), timeIsUp]);
        if (answer !== undefined && answer !== false) return answer;
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

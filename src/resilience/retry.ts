import { type BackOff, fullJitterMs } from 'exactly-one';
import { nanoid } from 'nanoid';
import { classifyFailure } from './classify.ts';

/** The longest delay of a timer in Node; a longer one would fire at once. */
const MAX_TIMER_MS = 2_147_483_647;

export interface Attempt {
  /** 1 for the first. */
  readonly number: number;
  /** Identifies this attempt in the logs of both sides: `<call>/<number>`. */
  readonly requestId: string;
  readonly signal: AbortSignal;
}

export interface FailedAttempt {
  /** The name of the policy. */
  readonly name: string;
  readonly attempt: number;
  /** Until the next attempt; undefined if there is none. */
  readonly delayMs: number | undefined;
  readonly reason: string;
  readonly requestId: string;
}

export interface RetryPolicy {
  /** For logs. */
  readonly name: string;
  /** Including the first one. */
  readonly maxAttempts: number;
  readonly backOff: BackOff;
  /** No attempt starts later than this after the first one. An attempt in progress is not interrupted. */
  readonly budgetMs: number;
  /** Ends a delay at once; an attempt in progress becomes the last one. */
  readonly signal?: AbortSignal;
  /** Called for every failed attempt, unless it was cancelled. Must not throw. */
  readonly log?: (failed: FailedAttempt) => void;
  /** A number in [0, 1); default `Math.random`. */
  readonly random?: () => number;
  /** Whether to retry after an error; default: if {@link classifyFailure} says that it is transient. Must not throw. */
  readonly isRetryable?: (error: unknown) => boolean;
  /** A monotonic clock; default `performance.now`. */
  readonly nowMs?: () => number;
  /** Creates the id of a call; default a nanoid. */
  readonly newId?: () => string;
}

const isTransient = (error: unknown) => classifyFailure(error).kind === 'transient';

/**
 * Runs an operation until it succeeds. The delays between attempts have full jitter, and are at least as long as
 * `Retry-After` says. Use it only for what is safe to repeat: an attempt that failed may have taken effect.
 * @throws the unchanged error of the last attempt, if there are no attempts or no budget left, or the error is not
 *   retryable; the reason of `signal` if that ends a delay; RangeError for less than one attempt or a budget that does not
 *   fit into a timer
 */
export async function retry<T>(operation: (attempt: Attempt) => Promise<T>, policy: RetryPolicy): Promise<T> {
  const { name, maxAttempts, signal = new AbortController().signal, log } = policy;
  const { newId = nanoid, isRetryable = isTransient } = policy;
  validate(policy);
  signal.throwIfAborted();
  const callId = newId();
  const nextDelay = createDelays(policy);
  for (let number = 1; ; number += 1) {
    const requestId = `${callId}/${number}`;
    try {
      return await operation({ number, requestId, signal });
    } catch (error) {
      if (signal.aborted) throw error;
      const { reason, retryAfterMs = 0 } = classifyFailure(error);
      const delayMs = number < maxAttempts && isRetryable(error) ? nextDelay(number, retryAfterMs) : undefined;
      log?.({ name, attempt: number, delayMs, reason, requestId });
      if (delayMs === undefined) throw error;
      await delay(delayMs, signal);
    }
  }
}

/**
 * Wraps a function so that it is retried. It keeps its name, its arity, its arguments and `this`.
 * @throws like {@link retry}
 */
export function retrying<This, Arguments extends unknown[], T>(
  work: (this: This, ...given: Arguments) => Promise<T>,
  policy: RetryPolicy,
): (this: This, ...given: Arguments) => Promise<T> {
  const retried = function (this: This, ...given: Arguments): Promise<T> {
    return retry(() => work.apply(this, given), policy);
  };
  Object.defineProperty(retried, 'name', { value: work.name, configurable: true });
  Object.defineProperty(retried, 'length', { value: work.length, configurable: true });
  return retried;
}

function validate({ name, maxAttempts, budgetMs }: RetryPolicy): void {
  if (!(Number.isSafeInteger(maxAttempts) && maxAttempts >= 1)) {
    throw new RangeError(`${name}: maxAttempts must be a whole number, 1 or more; got ${maxAttempts}`);
  }
  if (!(budgetMs >= 0 && budgetMs <= MAX_TIMER_MS)) {
    throw new RangeError(`${name}: budgetMs must be from 0 to ${MAX_TIMER_MS}; got ${budgetMs}`);
  }
}

/** @returns a function that gives the delay after a failed attempt, or undefined if it would exceed the budget */
function createDelays({ backOff, budgetMs, random = Math.random, nowMs = () => performance.now() }: RetryPolicy) {
  const endsAtMs = nowMs() + budgetMs;
  return (attempt: number, retryAfterMs: number): number | undefined => {
    const delayMs = Math.max(fullJitterMs(backOff, attempt - 1, random()), retryAfterMs);
    return nowMs() + delayMs <= endsAtMs ? delayMs : undefined;
  };
}

/**
 * Waits. When the signal is aborted it ends at once, with the signal's reason, and leaves neither a timer, which would
 * keep the process alive, nor a listener.
 */
function delay(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    }, ms);
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
}

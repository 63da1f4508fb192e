import { DelegateBackoff, handleWhen, retry as retryPolicy } from 'cockatiel';
import { type BackOff, fullJitterMs } from 'exactly-one';
import { nanoid } from 'nanoid';
import { classifyFailure } from './classify.ts';

/** The longest delay a timer of Node can hold; a longer one would fire at once. */
const LONGEST_TIMER_MS = 2_147_483_647;

export interface Attempt {
  /** 1 for the first. */
  readonly number: number;
  /** Names this one attempt, `<call>/<number>`: for logs of both sides. */
  readonly requestId: string;
  readonly signal: AbortSignal;
}

/** An attempt that failed. */
export interface FailedAttempt {
  /** The policy's. */
  readonly name: string;
  readonly attempt: number;
  /** Until the next attempt; undefined when there is none. */
  readonly delayMs: number | undefined;
  readonly reason: string;
  readonly requestId: string;
}

export interface RetryPolicy {
  /** What is tried, for logs. */
  readonly name: string;
  /** All attempts, the first included. */
  readonly maxAttempts: number;
  readonly backOff: BackOff;
  /** No attempt begins later than this after the first; an attempt that runs is not cut off. */
  readonly budgetMs: number;
  /** Ends the delay at once, and with the attempt that runs the whole. */
  readonly signal?: AbortSignal;
  /** Called for every failed attempt that was not cancelled. */
  readonly log?: (failed: FailedAttempt) => void;
  /** A number in [0, 1); default `Math.random`. */
  readonly random?: () => number;
  /** Which failures are worth another attempt; default the transient ones of {@link classifyFailure}. */
  readonly isRetryable?: (error: unknown) => boolean;
  /** A clock that never jumps; default `performance.now`. */
  readonly nowMs?: () => number;
  /** Names a call; default a nanoid. */
  readonly newId?: () => string;
}

const isTransient = (error: unknown) => classifyFailure(error).kind === 'transient';

/**
 * Tries an operation until it succeeds, with full jitter between the attempts, never shorter than the service asked for
 * by `Retry-After`. To be used for what may be repeated only: an attempt that failed may have had its effect.
 * @throws the error of the last attempt, as it was, when attempts or budget are used up or it is not retryable; the
 *   reason of `signal` when that ends a delay; RangeError for less than one attempt or a budget that no timer can hold
 */
export async function retry<T>(operation: (attempt: Attempt) => Promise<T>, policy: RetryPolicy): Promise<T> {
  const { name, maxAttempts, signal, log, newId = nanoid, isRetryable = isTransient } = policy;
  refuseUnbounded(policy);
  signal?.throwIfAborted();
  const callId = newId();
  const pauseBefore = createPauses(policy);
  let number = 0;
  let delayMs: number | undefined;

  const isTriedAgain = (error: unknown): boolean => {
    if (signal?.aborted) return false;
    const { reason, retryAfterMs = 0 } = classifyFailure(error);
    delayMs = number < maxAttempts && isRetryable(error) ? pauseBefore(number, retryAfterMs) : undefined;
    log?.({ name, attempt: number, delayMs, reason, requestId: `${callId}/${number}` });
    return delayMs !== undefined;
  };
  const attempts = retryPolicy(handleWhen(isTriedAgain), {
    maxAttempts: maxAttempts - 1,
    backoff: new DelegateBackoff(() => delayMs ?? 0),
  });
  // Cockatiel's default is one signal for all calls, on which every listener would stay.
  const ownSignal = signal ?? new AbortController().signal;
  return untilAbortedBetween(
    signal,
    () => delayMs !== undefined,
    () =>
      attempts.execute(({ signal: ofAttempt }) => {
        delayMs = undefined;
        ofAttempt.throwIfAborted();
        number += 1;
        return operation({ number, requestId: `${callId}/${number}`, signal: ofAttempt });
      }, ownSignal),
  );
}

/**
 * A function that tries again by itself, with the name, the arity, `this` and the arguments of the one given.
 * @throws as {@link retry}
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

function refuseUnbounded({ name, maxAttempts, budgetMs }: RetryPolicy): void {
  if (!(Number.isSafeInteger(maxAttempts) && maxAttempts >= 1)) {
    throw new RangeError(`${name}: maxAttempts is a whole number from 1, not ${maxAttempts}`);
  }
  if (!(budgetMs >= 0 && budgetMs <= LONGEST_TIMER_MS)) {
    throw new RangeError(`${name}: budgetMs is 0 to ${LONGEST_TIMER_MS}, not ${budgetMs}`);
  }
}

/** Gives the delay after a failed attempt, or undefined when it would end past the budget. */
function createPauses({ backOff, budgetMs, random = Math.random, nowMs = () => performance.now() }: RetryPolicy) {
  const endsAtMs = nowMs() + budgetMs;
  return (attempt: number, retryAfterMs: number): number | undefined => {
    const delayMs = Math.max(fullJitterMs(backOff, attempt - 1, random()), retryAfterMs);
    return nowMs() + delayMs <= endsAtMs ? delayMs : undefined;
  };
}

/** Cockatiel sits a delay out, whatever its signal says. Its timer is left to run: it finds the signal aborted. */
function untilAbortedBetween<T>(
  signal: AbortSignal | undefined,
  isBetween: () => boolean,
  run: () => Promise<T>,
): Promise<T> {
  if (signal === undefined) return run();
  return new Promise<T>((resolve, reject) => {
    const leave = () => {
      if (isBetween()) reject(signal.reason);
    };
    signal.addEventListener('abort', leave);
    run()
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', leave));
  });
}

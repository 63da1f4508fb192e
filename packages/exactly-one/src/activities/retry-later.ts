import { ApplicationFailure, activityInfo } from '@temporalio/activity';
import { failures, type RefusedCredentials } from '../contract/failures.ts';
import { type BackOff, fullJitterMs } from '../protocol/back-off.ts';
import { CredentialsRefused, NotSent } from './thrown-by-functions.ts';

/** The delay between the attempts of an activity that Temporal retries. */
const RETRY_BACK_OFF: BackOff = { baseMs: 250, capMs: 5_000 };

/** The longest `Retry-After` that is honoured. */
const MAX_RETRY_AFTER_MS = 60_000;

/**
 * A failure that Temporal retries after a delay with full jitter, which its own retry policies lack.
 * @param options.retryAfterMs the shortest delay that the service asks for; at most a minute is honoured
 */
export function retryLater(
  type: string,
  message: string,
  options: { cause?: unknown; retryAfterMs?: number } = {},
): ApplicationFailure {
  const jitterMs = fullJitterMs(RETRY_BACK_OFF, activityInfo().attempt - 1, Math.random());
  const failure = ApplicationFailure.create({
    type,
    message,
    // Temporal takes a delay of zero as "do not retry".
    nextRetryDelay: Math.max(1, jitterMs, Math.min(options.retryAfterMs ?? 0, MAX_RETRY_AFTER_MS)),
    ...(options.cause instanceof Error ? { cause: options.cause } : {}),
  });
  // Temporal shows the stack of a failure: it should begin where the failure is noticed.
  Error.captureStackTrace(failure, retryLater);
  return failure;
}

/**
 * Turns what a function has thrown into the failure of an activity that is safe to repeat. Any other error stays as it
 * is: Temporal retries it, and shows the line that threw it.
 */
export function repeatableFailure(error: unknown): unknown {
  const failure = failureOf(error);
  // Temporal shows the stack of a failure: it should begin in the activity, not here.
  if (failure !== error && failure instanceof Error) Error.captureStackTrace(failure, repeatableFailure);
  return failure;
}

function failureOf(error: unknown): unknown {
  if (!(error instanceof NotSent || error instanceof CredentialsRefused)) return error;
  const { message, cause, refusedIssuedAtMs } = error;
  if (refusedIssuedAtMs !== undefined) {
    const details: RefusedCredentials = { refusedIssuedAtMs };
    return ApplicationFailure.nonRetryable(message, failures.credentialsRefused, details);
  }
  const retryAfterMs = error instanceof NotSent ? error.retryAfterMs : undefined;
  return retryLater(failures.notSent, message, { cause, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) });
}

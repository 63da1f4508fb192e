import { isNativeError } from 'node:util/types';
import { ApplicationFailure, activityInfo } from '@temporalio/activity';
import { type BackOff, fullJitterMs } from 'exactly-one';
import { ErrorResponseReceived } from '../clients/read-response.ts';
import { type FailureType, failures } from '../contracts/failures.ts';
import { classifyFailure } from '../resilience/classify.ts';

/** The delay between the attempts of an activity that Temporal retries. */
const RETRY_BACK_OFF: BackOff = { baseMs: 250, capMs: 5_000 };

/** The longest `Retry-After` that is honoured. */
const MAX_RETRY_AFTER_MS = 60_000;

/**
 * A failure that Temporal retries after a delay with full jitter, which its own retry policies lack.
 * @param options.retryAfterMs the shortest delay that the service asks for; at most a minute is honoured
 */
export function retryLater(
  type: FailureType,
  message: string,
  options: { cause?: unknown; retryAfterMs?: number } = {},
) {
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
 * Turns an error of the ticket system's client into a failure that is retried until the service has recovered. Any
 * other error is a bug and stays as it is, so that Temporal shows the line that threw it.
 */
export function toFailure(error: unknown): unknown {
  // Anything may be thrown. What is no error is a bug too, and reading it might throw.
  const failure = isNativeError(error) ? failureOf(error) : error;
  // Temporal shows the stack of a failure: it should begin in the activity, not here.
  if (failure !== error && failure instanceof Error) Error.captureStackTrace(failure, toFailure);
  return failure;
}

function failureOf(error: Error): unknown {
  if (error instanceof ApplicationFailure) return error;
  if (error instanceof ErrorResponseReceived) {
    // Even a refusal is retried: the service may respond differently once it is repaired.
    const { retryAfterMs } = error;
    return retryLater(failures.serviceUnavailable, error.message, retryAfterMs === undefined ? {} : { retryAfterMs });
  }
  if (classifyFailure(error).kind === 'transient') {
    return retryLater(failures.serviceUnavailable, error.message, { cause: error });
  }
  return error;
}

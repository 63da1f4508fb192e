import { ApplicationFailure, activityInfo } from '@temporalio/activity';
import { type BackOff, fullJitterMs } from 'exactly-one';
import { ErrorResponseReceived } from '../clients/read-response.ts';
import { maskCardNumbers } from '../contracts/card-numbers.ts';
import { type FailureType, failures } from '../contracts/failures.ts';
import { classifyFailure } from '../resilience/classify.ts';

/** Between the attempts of an activity that Temporal retries. */
const RETRY_BACK_OFF: BackOff = { baseMs: 250, capMs: 5_000 };

/** No service is believed that asks for a longer pause than this. */
const LONGEST_RETRY_AFTER_MS = 60_000;

/**
 * A failure that Temporal retries, after a delay with full jitter (its own policies have none),
 * or after the time that the service asked for.
 */
export function retryLater(
  type: FailureType,
  message: string,
  options: { cause?: unknown; retryAfterMs?: number } = {},
) {
  const jitterMs = fullJitterMs(RETRY_BACK_OFF, activityInfo().attempt - 1, Math.random());
  return ApplicationFailure.create({
    type,
    // It may quote what the service said.
    message: maskCardNumbers(message),
    // Temporal takes a delay of zero as "do not retry".
    nextRetryDelay: Math.max(1, jitterMs, Math.min(options.retryAfterMs ?? 0, LONGEST_RETRY_AFTER_MS)),
    ...(options.cause instanceof Error ? { cause: options.cause } : {}),
  });
}

/**
 * Turns the error of a client into the failure by which the workflow decides: a refused token needs a new one,
 * everything else is tried again until the service, or whoever mends it, is ready.
 * Any other error is a bug: it stays what it is, so that Temporal shows its own line.
 */
export function toFailure(error: unknown): unknown {
  const failure = failureOf(error);
  // Temporal shows where a failure was made: that is the activity, not this file.
  if (failure !== error && failure instanceof Error) Error.captureStackTrace(failure, toFailure);
  return failure;
}

function failureOf(error: unknown): unknown {
  if (error instanceof ApplicationFailure) return error;
  if (error instanceof ErrorResponseReceived) {
    if (error.status === 401) return ApplicationFailure.nonRetryable(error.message, failures.tokenExpired);
    // A refusal too: a service that is mended may answer otherwise.
    const { retryAfterMs } = error;
    return retryLater(failures.serviceUnavailable, error.message, retryAfterMs === undefined ? {} : { retryAfterMs });
  }
  if (error instanceof Error && classifyFailure(error).kind === 'transient') {
    return retryLater(failures.serviceUnavailable, error.message, { cause: error });
  }
  return error;
}

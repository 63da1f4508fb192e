import { isNativeError } from 'node:util/types';
import { ApplicationFailure } from '@temporalio/activity';
import { NotSent, retryLater } from 'exactly-one/activities';
import { ErrorResponseReceived } from '../clients/read-response.ts';
import { failures } from '../contracts/failures.ts';
import { classifyFailure } from '../resilience/classify.ts';

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
  if (error instanceof NotSent || classifyFailure(error).kind === 'transient') {
    return retryLater(failures.serviceUnavailable, error.message, { cause: error });
  }
  return error;
}

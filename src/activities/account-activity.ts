import { ApplicationFailure, activityInfo, cancellationSignal } from '@temporalio/activity';
import type { AccountApi, AccountCall } from '../clients/account-api.ts';
import { ErrorResponseReceived, NoResponseReceived } from '../clients/read-response.ts';
import type { RefusalDetails } from '../contracts/account-activities.ts';
import { DEFINITE_REFUSALS } from '../contracts/account-api.ts';
import { failures } from '../contracts/failures.ts';
import { retryLater } from './failing.ts';

/** Longer than the account API takes, shorter than it hangs when it hangs. */
const REQUEST_TIMEOUT_MS = 2_000;

/** What the money activities are made with. */
export interface AccountActivityOptions {
  readonly accountApi: AccountApi;
}

/** The time-out, the cancellation, the id and the keys of one request. */
export function accountCall(keys: Pick<AccountCall, 'idempotencyKey' | 'reverses'> = {}): AccountCall {
  const { workflowExecution, activityId, attempt } = activityInfo();
  return {
    timeoutMs: REQUEST_TIMEOUT_MS,
    signal: cancellationSignal(),
    requestId: `${workflowExecution?.runId}/${activityId}/${attempt}`,
    ...keys,
  };
}

/**
 * Turns the error of the account client into the failure by which the workflow decides. Definite are a refusal that is
 * recorded with its key and a key that is taken; everything else says nothing about the money, and is asked again with
 * the same key. Also a refusal of the amount: an earlier attempt with the same amount may have moved it.
 * Any other error is a bug: it stays what it is, so that Temporal shows its own line.
 */
export function toMoneyFailure(error: unknown): unknown {
  const failure = failureOf(error);
  // Temporal shows where a failure was made: that is the activity, not this file.
  if (failure !== error && failure instanceof Error) Error.captureStackTrace(failure, toMoneyFailure);
  return failure;
}

function failureOf(error: unknown): unknown {
  if (error instanceof NoResponseReceived)
    return retryLater(failures.serviceUnavailable, error.message, { cause: error });
  if (!(error instanceof ErrorResponseReceived)) return error;
  const { status, code, retryAfterMs, message } = error;
  if (status === 422 && code === 'IDEMPOTENCY_KEY_REUSED') {
    return ApplicationFailure.nonRetryable(message, failures.idempotencyKeyReused);
  }
  const refusal = DEFINITE_REFUSALS.find((known) => known === code);
  if (refusal !== undefined && [400, 404, 422].includes(status)) {
    const details: RefusalDetails = { code: refusal };
    return ApplicationFailure.nonRetryable(message, failures.operationRefused, details);
  }
  return retryLater(failures.serviceUnavailable, message, retryAfterMs === undefined ? {} : { retryAfterMs });
}

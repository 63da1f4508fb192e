import { isNativeError } from 'node:util/types';
import { ApplicationFailure, cancellationSignal } from '@temporalio/activity';
import { ApplicationFailureCategory } from '@temporalio/common';
import { requestIdOfActivity, retryLater } from 'exactly-one/activities';
import type { AccountApi, AccountCall } from '../clients/account-api.ts';
import { ErrorResponseReceived, NoResponseReceived } from '../clients/read-response.ts';
import type { AccountActivities, RefusalDetails, TransferSettings } from '../contracts/account-activities.ts';
import { DEFINITE_REFUSALS } from '../contracts/account-api.ts';
import { failures } from '../contracts/failures.ts';

/** Longer than a response takes, and much shorter than the 30 s for which a hanging account API does not respond. */
const REQUEST_TIMEOUT_MS = 2_000;

/** The activities of a transfer. All are safe to repeat: each operation carries its idempotency key. */
export function createAccountActivities(accountApi: AccountApi, settings: TransferSettings): AccountActivities {
  return {
    getTransferSettings: async () => settings,

    async checkBalance({ account }) {
      try {
        return await accountApi.balance(account, accountCall());
      } catch (error) {
        throw toFailure(error);
      }
    },

    async withdraw({ account, amountCents, idempotencyKey }) {
      try {
        return await accountApi.withdraw(account, amountCents, accountCall({ idempotencyKey }));
      } catch (error) {
        throw toFailure(error);
      }
    },

    async deposit({ account, amountCents, ...keys }) {
      try {
        return await accountApi.deposit(account, amountCents, accountCall(keys));
      } catch (error) {
        throw toFailure(error);
      }
    },
  };
}

function accountCall(keys: Pick<AccountCall, 'idempotencyKey' | 'reverses'> = {}): AccountCall {
  return { timeoutMs: REQUEST_TIMEOUT_MS, signal: cancellationSignal(), requestId: requestIdOfActivity(), ...keys };
}

/**
 * Turns an error of the account API's client into the failure by which the workflow decides. Only two responses are
 * definite: a refusal that is recorded with its key, and a key that was used for another operation. Every other
 * response says nothing about the money and is retried with the same key. So is a refusal of the amount, because an
 * earlier attempt may have moved the money. Any other error is a bug and stays as it is, so that Temporal shows the
 * line that threw it.
 */
function toFailure(error: unknown): unknown {
  // Anything may be thrown. What is no error is a bug too, and reading it might throw.
  const failure = isNativeError(error) ? failureOf(error) : error;
  // Temporal shows the stack of a failure: it should begin in the activity, not here.
  if (failure !== error && failure instanceof Error) Error.captureStackTrace(failure, toFailure);
  return failure;
}

function failureOf(error: Error): unknown {
  if (error instanceof NoResponseReceived) {
    return retryLater(failures.serviceUnavailable, error.message, { cause: error });
  }
  if (!(error instanceof ErrorResponseReceived)) return error;
  const { status, code, retryAfterMs, message } = error;
  if (status === 422 && code === 'IDEMPOTENCY_KEY_REUSED') {
    return ApplicationFailure.nonRetryable(message, failures.idempotencyKeyReused);
  }
  const refused = DEFINITE_REFUSALS.find((known) => known === code);
  if (refused !== undefined && [400, 404, 422].includes(status)) {
    const details: RefusalDetails = { code: refused };
    return ApplicationFailure.create({
      ...{ message, type: failures.operationRefused, details: [details] },
      ...{ nonRetryable: true, category: ApplicationFailureCategory.BENIGN },
    });
  }
  return retryLater(failures.serviceUnavailable, message, retryAfterMs === undefined ? {} : { retryAfterMs });
}

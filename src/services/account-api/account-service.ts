import type { Static } from 'typebox';
import { createKeysInFlight } from '../http/keys-in-flight.ts';
import type { AccountLedger } from './account-ledger.ts';
import { type AccountResponse, type AccountsResponse, accountResponse, accountsResponse } from './account-responses.ts';
import type { OperationRequest } from './decide-operation.ts';
import type { OutcomeRecord } from './journal-records.ts';
import { refusal } from './refusals.ts';

/** What the account API does, without HTTP. */
export interface AccountService {
  list(): Promise<Static<typeof AccountsResponse>>;
  /** @throws HttpProblem 404 if there is no such account */
  get(account: string): Promise<Static<typeof AccountResponse>>;
  /**
   * Performs or refuses an operation, once for each idempotency key.
   * @throws HttpProblem if the key was used for something else, or its first request has not finished
   */
  operate(request: OperationRequest): Promise<OutcomeRecord>;
  /**
   * Archives the journal and starts a new one, without any idempotency keys.
   * @returns the name of the archive
   */
  reset(): Promise<string>;
}

export function createAccountService(ledger: AccountLedger): AccountService {
  const keysInFlight = createKeysInFlight();
  return {
    list: async () => accountsResponse(await ledger.balancesCents()),
    async get(account) {
      const balanceCents = (await ledger.balancesCents()).get(account);
      if (balanceCents === undefined) throw refusal('ACCOUNT_NOT_FOUND');
      return accountResponse(account, balanceCents);
    },
    async operate(request) {
      const { key } = request;
      return key === undefined ? ledger.operate(request) : keysInFlight.during(key, () => ledger.operate(request));
    },
    reset: () => ledger.reset(),
  };
}

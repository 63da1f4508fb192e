import type { AccountApi } from '../../src/clients/account-api.ts';
import type { MoneyMoved } from '../../src/contracts/account-activities.ts';
import { idempotencyKeyOf } from '../../src/resilience/idempotency-key.ts';
import { type RetryPolicy, retry } from '../../src/resilience/retry.ts';

export const DEPOSITS = 50;
export const AMOUNT_CENTS = 100;
const TIMEOUT_MS = 30_000;
/** Enough attempts that no deposit is given up: 0.4 to the power of 25 is practically zero. */
const POLICY: RetryPolicy = {
  name: 'deposit',
  maxAttempts: 25,
  backOff: { baseMs: 0, capMs: 0 },
  budgetMs: 600_000,
};

/** What all deposits of one kind came to. */
export interface Deposits {
  readonly requests: number;
  readonly answersLost: number;
  readonly wantedCents: number;
  readonly arrivedCents: number;
}

/** A deposit that got a response, sent once more with the same key. */
export interface Repetition {
  readonly key: string;
  readonly answer: MoneyMoved;
  readonly answerToTheRepetition: MoneyMoved;
  readonly movedByTheRepetitionCents: number;
}

/** The key of the n-th payment into an account. */
export function keyOf(account: string, payment: number): string {
  return idempotencyKeyOf('deposit', { account, amountCents: AMOUNT_CENTS, payment });
}

/** Makes all deposits one after the other, and retries each until there is a response. */
export async function depositAll(
  client: AccountApi,
  account: string,
  optionsOf: (payment: number) => { readonly idempotencyKey?: string },
): Promise<{ readonly deposits: Deposits; readonly lastResponse: MoneyMoved }> {
  let requests = 0;
  let lastResponse: MoneyMoved = { previousCents: 0, newCents: 0 };
  const before = await client.balance(account, { timeoutMs: TIMEOUT_MS });
  for (let payment = 1; payment <= DEPOSITS; payment += 1) {
    lastResponse = await retry(({ requestId }) => {
      requests += 1;
      return client.deposit(account, AMOUNT_CENTS, { timeoutMs: TIMEOUT_MS, requestId, ...optionsOf(payment) });
    }, POLICY);
  }
  const arrivedCents = (await client.balance(account, { timeoutMs: TIMEOUT_MS })) - before;
  const deposits = { requests, answersLost: requests - DEPOSITS, wantedCents: DEPOSITS * AMOUNT_CENTS, arrivedCents };
  return { deposits, lastResponse };
}

/** Sends the last deposit into account_B once more, with the same key. */
export async function repeatLast(client: AccountApi, lastResponse: MoneyMoved): Promise<Repetition> {
  const key = keyOf('account_B', DEPOSITS);
  const before = await client.balance('account_B', { timeoutMs: TIMEOUT_MS });
  const repeated = await client.deposit('account_B', AMOUNT_CENTS, { timeoutMs: TIMEOUT_MS, idempotencyKey: key });
  const after = await client.balance('account_B', { timeoutMs: TIMEOUT_MS });
  return {
    key,
    answer: lastResponse,
    answerToTheRepetition: repeated,
    movedByTheRepetitionCents: after - before,
  };
}

import type { AccountApi, AccountCall } from '../../src/clients/account-api.ts';
import { errorMessage } from '../../src/contracts/errors.ts';
import { decimalOf } from '../../src/contracts/money.ts';
import type { TransferTerms } from '../../src/contracts/transfer.ts';
import { retrying } from '../../src/resilience/retry.ts';

/** How long one call is waited for. */
export const CALL_TIMEOUT_MS = 2_000;

/** Makes one call of a step, in its own way: once, or with retries. */
export type MakeCall = <Result>(step: string, call: (options: AccountCall) => Promise<Result>) => Promise<Result>;

export interface MoveMoney {
  readonly accountApi: AccountApi;
  readonly terms: TransferTerms;
  readonly makeCall: MakeCall;
  readonly say: (line: string) => void;
}

/**
 * Moves money without Temporal: withdraws, then deposits. Nobody remembers how far it came: when the deposit fails, or
 * this process dies, the money is half moved.
 * @param onWithdrawn called once the money has left its source
 * @throws the error of the step that failed
 */
export async function moveMoney(
  { accountApi, terms, makeCall, say }: MoveMoney,
  onWithdrawn = () => {},
): Promise<void> {
  const { from, to, amountCents } = terms;
  const amount = decimalOf(amountCents);
  const withdrawn = await makeCall(`withdraw from ${from}`, (options) =>
    accountApi.withdraw(from, amountCents, options),
  );
  onWithdrawn();
  say(`withdrew ${amount} from ${from}: ${decimalOf(withdrawn.previousCents)} → ${decimalOf(withdrawn.newCents)}`);
  const deposited = await makeCall(`deposit at ${to}`, (options) => accountApi.deposit(to, amountCents, options));
  say(`deposited ${amount} at ${to}: ${decimalOf(deposited.previousCents)} → ${decimalOf(deposited.newCents)}`);
}

/**
 * Looks at both accounts before anything is moved.
 * @throws the error of a look that failed, for an unknown account too
 */
export async function lookFirst({ accountApi, terms, makeCall, say }: MoveMoney): Promise<void> {
  for (const account of [terms.from, terms.to]) {
    const balance = await makeCall(`balance of ${account}`, (options) => accountApi.balance(account, options));
    say(`balance of ${account}: ${decimalOf(balance)}`);
  }
}

/** Looks at both accounts, as far as they let themselves be looked at, and says what they hold. */
export async function sayBalances({ accountApi, terms, say }: Omit<MoveMoney, 'makeCall'>): Promise<void> {
  for (const account of [terms.from, terms.to]) {
    say(`at the end ${account} holds ${await look(accountApi, account)}`);
  }
}

/** Half of all checks may fail: without retries the end of a bad run would not be seen. */
async function look(accountApi: AccountApi, account: string): Promise<string> {
  const balance = retrying(accountApi.balance, {
    name: `balance of ${account}`,
    maxAttempts: 10,
    backOff: { baseMs: 50, capMs: 500 },
    budgetMs: 30_000,
  });
  try {
    return decimalOf(await balance(account, { timeoutMs: CALL_TIMEOUT_MS }));
  } catch (error) {
    return `what nobody could read: ${errorMessage(error)}`;
  }
}

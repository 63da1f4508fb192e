import type { AccountApi, AccountCall } from '../../src/clients/account-api.ts';
import { errorMessage } from '../../src/contracts/errors.ts';
import { decimalOf } from '../../src/contracts/money.ts';
import type { TransferTerms } from '../../src/contracts/transfer.ts';
import { isUrlRefused } from '../../src/platform/processes/is-refused.ts';
import { printError } from '../../src/platform/terminal/print.ts';
import { retrying } from '../../src/resilience/retry.ts';

export const CALL_TIMEOUT_MS = 2_000;

/** Makes the call of one step, once or with retries. */
export type MakeCall = <Result>(step: string, call: (options: AccountCall) => Promise<Result>) => Promise<Result>;

export interface MoveMoney {
  readonly accountApi: AccountApi;
  readonly terms: TransferTerms;
  readonly makeCall: MakeCall;
  readonly print: (line: string) => void;
}

/**
 * Moves money without Temporal: withdraws, then deposits. The progress is stored nowhere: if the deposit fails or this
 * process dies, the money is half moved.
 * @param onWithdrawn called once the withdrawal has succeeded
 * @throws the error of the step that failed
 */
export async function moveMoney(
  { accountApi, terms, makeCall, print }: MoveMoney,
  onWithdrawn = () => {},
): Promise<void> {
  const { from, to, amountCents } = terms;
  const amount = decimalOf(amountCents);
  const withdrawn = await makeCall(`withdraw from ${from}`, (options) =>
    accountApi.withdraw(from, amountCents, options),
  );
  onWithdrawn();
  print(`withdrew ${amount} from ${from}: ${decimalOf(withdrawn.previousCents)} → ${decimalOf(withdrawn.newCents)}`);
  const deposited = await makeCall(`deposit into ${to}`, (options) => accountApi.deposit(to, amountCents, options));
  print(`deposited ${amount} into ${to}: ${decimalOf(deposited.previousCents)} → ${decimalOf(deposited.newCents)}`);
}

/**
 * Reads and prints both balances before any money is moved.
 * @throws the error of the call that failed, also for an unknown account
 */
export async function checkBalances({ accountApi, terms, makeCall, print }: MoveMoney): Promise<void> {
  for (const account of [terms.from, terms.to]) {
    const balance = await makeCall(`balance of ${account}`, (options) => accountApi.balance(account, options));
    print(`balance of ${account}: ${decimalOf(balance)}`);
  }
}

/** Whether no account API listens, which it also prints, before any call is made. */
export async function isAccountApiMissing(accountApiUrl: string): Promise<boolean> {
  const isMissing = await isUrlRefused(accountApiUrl);
  if (isMissing) {
    printError(`no account API listens at ${accountApiUrl}: start it (npm run account-api) or set ACCOUNT_API_URL`);
  }
  return isMissing;
}

/** Prints why the move failed. */
export function printFailure(error: unknown): void {
  printError(`failed: ${errorMessage(error)}`);
}

/** Prints the balances at the end, as far as they can be read. */
export async function printFinalBalances({ accountApi, terms, print }: Omit<MoveMoney, 'makeCall'>): Promise<void> {
  for (const account of [terms.from, terms.to]) {
    print(`final balance of ${account}: ${await readBalance(accountApi, account)}`);
  }
}

/** Retries, because half of all calls may fail, and the result of a failed run should be visible. */
async function readBalance(accountApi: AccountApi, account: string): Promise<string> {
  const balance = retrying(accountApi.balance, {
    name: `balance of ${account}`,
    maxAttempts: 10,
    backOff: { baseMs: 50, capMs: 500 },
    budgetMs: 30_000,
  });
  try {
    return decimalOf(await balance(account, { timeoutMs: CALL_TIMEOUT_MS }));
  } catch (error) {
    return `unknown (${errorMessage(error)})`;
  }
}

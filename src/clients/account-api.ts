import { LosslessNumber, parse, stringify } from 'lossless-json';
import { type Static, Type } from 'typebox';
import type { MoneyMoved } from '../contracts/account-activities.ts';
import { headers } from '../contracts/http.ts';
import { centsOf, decimalOf } from '../contracts/money.ts';
import { ask, NoResponseReceived } from './read-response.ts';

export type AccountApi = ReturnType<typeof createAccountApiClient>;

/** How one call is made; every call has its time-out. */
export interface AccountCall {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  /** Names this request in the logs of both sides. */
  readonly requestId?: string;
  /** Without a key the same call again moves the money again. */
  readonly idempotencyKey?: string;
  /** Of a deposit: the key of the withdrawal whose money comes back by it. */
  readonly reverses?: string;
}

// Numbers come as their decimal text: a binary fraction of a large amount is not exact.
const Money = Type.String();
const ReceivedAccount = Type.Object({ account_number: Type.String(), balance: Money });
const Moved = { account_number: Type.String(), previous_balance: Money, new_balance: Money };
const ReceivedWithdrawal = Type.Object({ ...Moved, amount_withdrawn: Money });
const ReceivedDeposit = Type.Object({ ...Moved, amount_deposited: Money });

/**
 * A typed client of the account API. All methods throw the errors of `read-response.ts`: an answer about another account
 * or another amount, or one that does not add up, is no answer.
 * @param baseUrl without a slash at the end
 */
export function createAccountApiClient({ baseUrl }: { readonly baseUrl: string }) {
  const to = (path: string, { requestId, idempotencyKey, reverses, ...call }: AccountCall) => ({
    url: `${baseUrl}/accounts/${path}`,
    headers: {
      ...(requestId === undefined ? {} : { [headers.requestId]: requestId }),
      ...(idempotencyKey === undefined ? {} : { [headers.idempotencyKey]: idempotencyKey }),
      ...(reverses === undefined ? {} : { [headers.reverses]: reverses }),
    },
    ...call,
  });
  const amountOf = (amountCents: number) => stringify({ amount: new LosslessNumber(decimalOf(amountCents)) }) ?? '';

  return {
    /** The balance of an account in cents. */
    async balance(account: string, call: AccountCall): Promise<number> {
      const request = { method: 'GET' as const, ...to(encodeURIComponent(account), call) };
      const answer = await ask(request, 200, ReceivedAccount, parseNumbersAsText);
      const balanceCents = balanceOf(answer.balance);
      if (answer.account_number !== account || balanceCents === undefined) throw doesNotFit('GET', request.url);
      return balanceCents;
    },

    async withdraw(account: string, amountCents: number, call: AccountCall): Promise<MoneyMoved> {
      const path = `${encodeURIComponent(account)}/withdraw`;
      const request = { method: 'POST' as const, json: amountOf(amountCents), ...to(path, call) };
      const answer = await ask(request, 200, ReceivedWithdrawal, parseNumbersAsText);
      const moved = readMoved({ account, amountCents: -amountCents }, answer, answer.amount_withdrawn);
      if (moved === undefined) throw doesNotFit('POST', request.url);
      return moved;
    },

    async deposit(account: string, amountCents: number, call: AccountCall): Promise<MoneyMoved> {
      const path = `${encodeURIComponent(account)}/deposit`;
      const request = { method: 'POST' as const, json: amountOf(amountCents), ...to(path, call) };
      const answer = await ask(request, 200, ReceivedDeposit, parseNumbersAsText);
      const moved = readMoved({ account, amountCents }, answer, answer.amount_deposited);
      if (moved === undefined) throw doesNotFit('POST', request.url);
      return moved;
    },
  };
}

function parseNumbersAsText(text: string): unknown {
  return parse(text, undefined, { parseNumber: (number) => number });
}

/** What was moved, if the answer is about this very operation and adds up; `amountCents` is negative for a withdrawal. */
function readMoved(
  { account, amountCents }: { account: string; amountCents: number },
  answer: Pick<Static<typeof ReceivedDeposit>, 'account_number' | 'previous_balance' | 'new_balance'>,
  moved: string,
): MoneyMoved | undefined {
  const previousCents = balanceOf(answer.previous_balance);
  const newCents = balanceOf(answer.new_balance);
  if (previousCents === undefined || newCents === undefined) return undefined;
  const fits =
    answer.account_number === account &&
    centsOf(moved) === Math.abs(amountCents) &&
    newCents - previousCents === amountCents;
  return fits ? { previousCents, newCents } : undefined;
}

/** A balance may be zero, which an amount may not. */
function balanceOf(text: string): number | undefined {
  const cents = centsOf(text);
  if (typeof cents === 'number') return cents;
  return /^0+(\.0+)?$/.test(text) ? 0 : undefined;
}

function doesNotFit(method: string, url: string): NoResponseReceived {
  return new NoResponseReceived(`${method} ${url} answered 200 with a body that does not fit the request`);
}

import { LosslessNumber, parse, stringify } from 'lossless-json';
import { type Static, Type } from 'typebox';
import type { MoneyMoved } from '../contracts/account-activities.ts';
import { requestHeaders } from '../contracts/http.ts';
import { centsOf, decimalOf } from '../contracts/money.ts';
import { NoResponseReceived, requestJson } from './read-response.ts';

export type AccountApi = ReturnType<typeof createAccountApiClient>;

/** Options of one call. */
export interface AccountCall {
  /** From the call to the last byte of the response. Zero or less: nothing is sent. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  /** Identifies this request in the logs of both sides. */
  readonly requestId?: string;
  /** Without a key, repeating the call moves the money again. */
  readonly idempotencyKey?: string;
  /** For a refund: the key of the withdrawal that this deposit reverses. */
  readonly reverses?: string;
}

// Amounts are read from their decimal text: a binary fraction of a large amount is not exact.
const Money = Type.String();
const ReceivedAccount = Type.Object({ account_number: Type.String(), balance: Money });
const Moved = { account_number: Type.String(), previous_balance: Money, new_balance: Money };
const ReceivedWithdrawal = Type.Object({ ...Moved, amount_withdrawn: Money });
const ReceivedDeposit = Type.Object({ ...Moved, amount_deposited: Money });

/**
 * A typed client of the account API. All methods throw the errors of `read-response.ts`, even for a 200 that is about
 * another account or another amount, or that does not add up.
 * @param baseUrl without a trailing slash
 */
export function createAccountApiClient({ baseUrl }: { readonly baseUrl: string }) {
  const to = (path: string, { requestId, idempotencyKey, reverses, ...call }: AccountCall) => ({
    url: `${baseUrl}/accounts/${path}`,
    headers: {
      ...(requestId === undefined ? {} : { [requestHeaders.requestId]: requestId }),
      ...(idempotencyKey === undefined ? {} : { [requestHeaders.idempotencyKey]: idempotencyKey }),
      ...(reverses === undefined ? {} : { [requestHeaders.reverses]: reverses }),
    },
    ...call,
  });
  const amountOf = (amountCents: number) => stringify({ amount: new LosslessNumber(decimalOf(amountCents)) }) ?? '';

  return {
    /** The balance of an account in cents. */
    async balance(account: string, call: AccountCall): Promise<number> {
      const request = { method: 'GET' as const, ...to(encodeURIComponent(account), call) };
      const response = await requestJson(request, 200, ReceivedAccount, parseNumbersAsText);
      const balanceCents = balanceOf(response.balance);
      if (response.account_number !== account || balanceCents === undefined) throw doesNotFit('GET', request.url);
      return balanceCents;
    },

    async withdraw(account: string, amountCents: number, call: AccountCall): Promise<MoneyMoved> {
      const path = `${encodeURIComponent(account)}/withdraw`;
      const request = { method: 'POST' as const, json: amountOf(amountCents), ...to(path, call) };
      const response = await requestJson(request, 200, ReceivedWithdrawal, parseNumbersAsText);
      const moved = readMoved({ account, amountCents: -amountCents }, response, response.amount_withdrawn);
      if (moved === undefined) throw doesNotFit('POST', request.url);
      return moved;
    },

    async deposit(account: string, amountCents: number, call: AccountCall): Promise<MoneyMoved> {
      const path = `${encodeURIComponent(account)}/deposit`;
      const request = { method: 'POST' as const, json: amountOf(amountCents), ...to(path, call) };
      const response = await requestJson(request, 200, ReceivedDeposit, parseNumbersAsText);
      const moved = readMoved({ account, amountCents }, response, response.amount_deposited);
      if (moved === undefined) throw doesNotFit('POST', request.url);
      return moved;
    },
  };
}

function parseNumbersAsText(text: string): unknown {
  return parse(text, undefined, { parseNumber: (number) => number });
}

/** The movement, if the response is about this operation and adds up; `amountCents` is negative for a withdrawal. */
function readMoved(
  { account, amountCents }: { account: string; amountCents: number },
  response: Pick<Static<typeof ReceivedDeposit>, 'account_number' | 'previous_balance' | 'new_balance'>,
  moved: string,
): MoneyMoved | undefined {
  const previousCents = balanceOf(response.previous_balance);
  const newCents = balanceOf(response.new_balance);
  if (previousCents === undefined || newCents === undefined) return undefined;
  const fits =
    response.account_number === account &&
    centsOf(moved) === Math.abs(amountCents) &&
    newCents - previousCents === amountCents;
  return fits ? { previousCents, newCents } : undefined;
}

/** A balance may be zero, an amount may not. */
function balanceOf(text: string): number | undefined {
  const cents = centsOf(text);
  if (typeof cents === 'number') return cents;
  return /^0+(\.0+)?$/.test(text) ? 0 : undefined;
}

function doesNotFit(method: string, url: string): NoResponseReceived {
  return new NoResponseReceived(`${method} ${url} responded with 200 and a body that does not match the request`);
}

import type { LosslessNumber } from 'lossless-json';
import { type Static, type TSchema, Type } from 'typebox';
import {
  AccountResponse as AccountAnswerOnTheWire,
  AccountsResponse as AccountsAnswerOnTheWire,
  DepositResponse as DepositAnswerOnTheWire,
  WithdrawResponse as WithdrawAnswerOnTheWire,
} from '../../contracts/account-api.ts';
import type { MoveRecord } from './journal-records.ts';
import { money } from './money.ts';

/** An answer as we build it: its numbers keep their decimal text until it is on the wire. */
type Lossless<Answer> = Answer extends number
  ? LosslessNumber
  : Answer extends object
    ? { [Property in keyof Answer]: Lossless<Answer[Property]> }
    : Answer;

export const AccountResponse = lossless(AccountAnswerOnTheWire);
export const AccountsResponse = lossless(AccountsAnswerOnTheWire);
export const WithdrawResponse = lossless(WithdrawAnswerOnTheWire);
export const DepositResponse = lossless(DepositAnswerOnTheWire);

export function accountResponse(account: string, balanceCents: number): Static<typeof AccountResponse> {
  return { account_number: account, balance: money(balanceCents) };
}

export function accountsResponse(balancesCents: ReadonlyMap<string, number>): Static<typeof AccountsResponse> {
  return { accounts: [...balancesCents].map(([account, cents]) => accountResponse(account, cents)) };
}

export function withdrawResponse(move: MoveRecord): Static<typeof WithdrawResponse> {
  const { account, amountCents, previousCents, newCents } = move;
  return {
    account_number: account,
    previous_balance: money(previousCents),
    amount_withdrawn: money(amountCents),
    new_balance: money(newCents),
  };
}

export function depositResponse(move: MoveRecord): Static<typeof DepositResponse> {
  const { account, amountCents, previousCents, newCents } = move;
  return {
    account_number: account,
    previous_balance: money(previousCents),
    amount_deposited: money(amountCents),
    new_balance: money(newCents),
  };
}

function lossless<Schema extends TSchema>(schema: Schema) {
  return Type.Unsafe<Lossless<Static<Schema>>>(schema);
}

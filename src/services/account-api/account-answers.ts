import type { LosslessNumber } from 'lossless-json';
import { type Static, type TSchema, Type } from 'typebox';
import {
  AccountAnswer as AccountAnswerOnTheWire,
  AccountsAnswer as AccountsAnswerOnTheWire,
  DepositAnswer as DepositAnswerOnTheWire,
  WithdrawAnswer as WithdrawAnswerOnTheWire,
} from '../../contracts/account-api.ts';
import type { MoveRecord } from './journal-records.ts';
import { money } from './money.ts';

/** An answer as we build it: its numbers keep their decimal text until it is on the wire. */
type Lossless<Answer> = Answer extends number
  ? LosslessNumber
  : Answer extends object
    ? { [Property in keyof Answer]: Lossless<Answer[Property]> }
    : Answer;

export const AccountAnswer = lossless(AccountAnswerOnTheWire);
export const AccountsAnswer = lossless(AccountsAnswerOnTheWire);
export const WithdrawAnswer = lossless(WithdrawAnswerOnTheWire);
export const DepositAnswer = lossless(DepositAnswerOnTheWire);

export function accountAnswer(account: string, balanceCents: number): Static<typeof AccountAnswer> {
  return { account_number: account, balance: money(balanceCents) };
}

export function accountsAnswer(balancesCents: ReadonlyMap<string, number>): Static<typeof AccountsAnswer> {
  return { accounts: [...balancesCents].map(([account, cents]) => accountAnswer(account, cents)) };
}

export function withdrawAnswer(move: MoveRecord): Static<typeof WithdrawAnswer> {
  const { account, amountCents, previousCents, newCents } = move;
  return {
    account_number: account,
    previous_balance: money(previousCents),
    amount_withdrawn: money(amountCents),
    new_balance: money(newCents),
  };
}

export function depositAnswer(move: MoveRecord): Static<typeof DepositAnswer> {
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

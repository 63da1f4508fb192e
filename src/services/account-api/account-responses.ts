import { LosslessNumber } from 'lossless-json';
import { type Static, type TSchema, Type } from 'typebox';
import * as wire from '../../contracts/account-api.ts';
import { decimalOf } from '../../contracts/money.ts';
import type { MoveRecord } from './journal-records.ts';

/** A response as the service builds it: its numbers stay decimal text until they are written. */
type Lossless<Response> = Response extends number
  ? LosslessNumber
  : Response extends object
    ? { [Property in keyof Response]: Lossless<Response[Property]> }
    : Response;

export const AccountResponse = lossless(wire.AccountResponse);
export const AccountsResponse = lossless(wire.AccountsResponse);
export const WithdrawResponse = lossless(wire.WithdrawResponse);
export const DepositResponse = lossless(wire.DepositResponse);

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

export function operationResponse(move: MoveRecord): object {
  return move.kind === 'withdraw' ? withdrawResponse(move) : depositResponse(move);
}

/** Cents as a decimal number, without going through a binary fraction. */
export function money(cents: number): LosslessNumber {
  return new LosslessNumber(decimalOf(cents));
}

function lossless<Schema extends TSchema>(schema: Schema) {
  return Type.Unsafe<Lossless<Static<Schema>>>(schema);
}

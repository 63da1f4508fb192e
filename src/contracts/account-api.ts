import { Type } from 'typebox';

/** The accounts of a fresh database, each with what it opens with. */
export const OPENING_BALANCES_CENTS: Readonly<Record<string, number>> = { account_A: 100_000, account_B: 50_000 };

/**
 * Refusals that are definite: nothing was moved, and with the same idempotency key nothing ever will be, since the
 * refusal is recorded with it.
 */
export const DEFINITE_REFUSALS = [
  'ACCOUNT_NOT_FOUND',
  'INSUFFICIENT_FUNDS',
  'BALANCE_TOO_LARGE',
  'DEPOSIT_REJECTED',
] as const;

export type DefiniteRefusal = (typeof DEFINITE_REFUSALS)[number];

/** What is wrong with the amount of a request. It says nothing about an earlier request with the same key. */
export type AmountRefusal = 'AMOUNT_REQUIRED' | 'AMOUNT_NOT_POSITIVE' | 'AMOUNT_INVALID';

/** A decimal number with two decimals at most; read and written as text, since a binary fraction is not exact. */
const Money = Type.Number({ examples: [100, 99.9] });

export const AccountResponse = Type.Object({ account_number: Type.String(), balance: Money });

export const AccountsResponse = Type.Object({ accounts: Type.Array(AccountResponse) });

export const WithdrawResponse = Type.Object({
  account_number: Type.String(),
  previous_balance: Money,
  amount_withdrawn: Money,
  new_balance: Money,
});

export const DepositResponse = Type.Object({
  account_number: Type.String(),
  previous_balance: Money,
  amount_deposited: Money,
  new_balance: Money,
});

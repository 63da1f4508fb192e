import { Type } from 'typebox';

/** The accounts of a new database, with their opening balances. */
export const OPENING_BALANCES_CENTS: Readonly<Record<string, number>> = { account_A: 100_000, account_B: 50_000 };

/**
 * Refusals that are definite: no money was moved, and none ever will be with the same idempotency key, because the
 * refusal is recorded under it.
 */
export const DEFINITE_REFUSALS = [
  'ACCOUNT_NOT_FOUND',
  'INSUFFICIENT_FUNDS',
  'BALANCE_TOO_LARGE',
  'DEPOSIT_REJECTED',
] as const;

export type DefiniteRefusal = (typeof DEFINITE_REFUSALS)[number];

/** Refusals of an amount. They say nothing about an earlier request with the same idempotency key. */
export type AmountRefusal = 'AMOUNT_REQUIRED' | 'AMOUNT_NOT_POSITIVE' | 'AMOUNT_INVALID';

/** At most two decimals. Read and written as text, because a binary fraction would not be exact. */
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

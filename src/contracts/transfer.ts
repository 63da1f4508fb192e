import { ACCOUNT_PATTERN, TRANSFER_ID_PREFIX, transferIdProblem } from './ids.ts';
import { type AmountProblem, centsOf } from './money.ts';

/** Input of `transferMoney`; its workflow id is `transfer-<id>`. */
export interface TransferInput {
  readonly from: string;
  readonly to: string;
  /** A decimal number with two decimals at most, as a number or as text. */
  readonly amount: number | string;
  /** True when an earlier run of this transfer was closed without a result: it may have moved money. */
  readonly resumed?: boolean;
}

/** What a transfer is about: the same for all submissions of one id. */
export interface TransferTerms {
  readonly from: string;
  readonly to: string;
  readonly amountCents: number;
}

/** Balances of both accounts of a transfer, in cents; null where there is no such account. */
export interface BalancesCents {
  readonly from: number | null;
  readonly to: number | null;
}

export interface TransferResult extends TransferTerms {
  readonly transferId: string;
  /** `completed`: the money is at its destination. `refunded`: it is back at its source. */
  readonly status: 'completed' | 'refunded';
  /** Why the money went back. */
  readonly reason?: string;
  readonly startingBalancesCents: BalancesCents;
  readonly finalBalancesCents: BalancesCents;
  /** Present when a cancellation was asked for after the deposit had been sent. */
  readonly cancellation?: 'came too late';
}

export const TRANSFER_STEPS = ['check balances', 'withdraw', 'deposit', 'refund', 'read final balances'] as const;

export type TransferStep = (typeof TRANSFER_STEPS)[number];

/** Answer of the query `transferProgress`. */
export interface TransferProgress extends TransferTerms {
  readonly transferId: string;
  readonly stepsDone: readonly TransferStep[];
  /** Undefined once the transfer is over. */
  readonly currentStep?: TransferStep;
  /** Refusals and other turns, oldest first, at most 50, for people. */
  readonly remarks: readonly string[];
  readonly cancelRequested: boolean;
}

const accountExpression = new RegExp(ACCOUNT_PATTERN);

const AMOUNT_PROBLEMS: Readonly<Record<AmountProblem, string>> = {
  'not a number': 'it is no decimal number',
  'not positive': 'it is not positive',
  'more than two decimals': 'it has more than two decimals',
  'too large': 'it is beyond 2^53 cents',
};

/**
 * Reads what a transfer is about.
 * @returns the terms, or a sentence that says what came and what is allowed
 */
export function readTerms({ from, to, amount }: TransferInput): TransferTerms | string {
  for (const account of [from, to]) {
    if (typeof account !== 'string' || !accountExpression.test(account)) {
      return `${JSON.stringify(account)} is no account: an account is 1 to 64 letters, digits, "_" or "-", such as account_A`;
    }
  }
  if (from === to) return `from and to are both ${from}: a transfer needs two accounts`;
  const cents = typeof amount === 'number' || typeof amount === 'string' ? centsOf(String(amount)) : 'not a number';
  if (typeof cents === 'number') return { from, to, amountCents: cents };
  const came = JSON.stringify(amount) ?? String(amount);
  return `${came} is no amount, ${AMOUNT_PROBLEMS[cents]}: an amount is a positive decimal number such as 100 or 99.90`;
}

/** `transfer-<id>`. */
export function transferWorkflowId(transferId: string): string {
  return `${TRANSFER_ID_PREFIX}${transferId}`;
}

/** The id of a transfer, from its workflow id; undefined when it is no workflow id of a transfer. */
export function transferIdOf(workflowId: string): string | undefined {
  const transferId = workflowId.startsWith(TRANSFER_ID_PREFIX) ? workflowId.slice(TRANSFER_ID_PREFIX.length) : '';
  return transferIdProblem(transferId) === undefined ? transferId : undefined;
}

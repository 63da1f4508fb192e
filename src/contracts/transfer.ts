import { hasCardNumber } from './card-numbers.ts';
import { ACCOUNT_PATTERN } from './ids.ts';
import { centsOf, decimalOf, MAX_CENTS } from './money.ts';
import { quoted } from './secrets.ts';

/** Input of `transferMoney`; its workflow id is `transfer-<id>`. */
export interface TransferInput {
  readonly from: string;
  readonly to: string;
  /** A positive number with at most two decimals, as a number or as text. */
  readonly amount: number | string;
  /** True when an earlier run of this transfer was closed without a result: it may have moved money. Default: false. */
  readonly resumed?: boolean;
}

/**
 * What a transfer hands to its next run when it continues as new. The next run learns everything else from the recorded
 * responses to its idempotency keys.
 */
export interface CarriedTransfer {
  cancelRequested?: boolean;
  /** All refunds with a lower number are definitely refused. */
  refundNumber?: number;
}

/** What a transfer moves, and between which accounts: the same for all submissions of one transfer id. */
export interface TransferTerms {
  readonly from: string;
  readonly to: string;
  readonly amountCents: number;
}

/** Balances of both accounts of a transfer, in cents; null for an account that does not exist. */
export interface BalancesCents {
  readonly from: number | null;
  readonly to: number | null;
}

export interface TransferResult extends TransferTerms {
  readonly transferId: string;
  /** `completed`: the destination has the money. `refunded`: the source has it back. */
  readonly status: 'completed' | 'refunded';
  /** Why the transfer was refunded. */
  readonly reason?: string;
  readonly startingBalancesCents: BalancesCents;
  readonly finalBalancesCents: BalancesCents;
  /** Present when a cancellation was requested after the deposit had been sent. */
  readonly cancellation?: 'came too late';
}

export const TRANSFER_STEPS = ['check balances', 'withdraw', 'deposit', 'refund', 'read final balances'] as const;

export type TransferStep = (typeof TRANSFER_STEPS)[number];

/** Result of the query `transferProgress`. */
export interface TransferProgress extends TransferTerms {
  readonly transferId: string;
  readonly stepsDone: readonly TransferStep[];
  /** Undefined once the transfer has ended. */
  readonly currentStep?: TransferStep;
  /** Refusals and other notable events for people to read, oldest first, at most 50. */
  readonly remarks: readonly string[];
  readonly cancelRequested: boolean;
}

const accountExpression = new RegExp(ACCOUNT_PATTERN);

/**
 * Validates the input of a transfer.
 * @returns the terms, or a sentence that says what is wrong and what is allowed
 */
export function readTerms({ from, to, amount }: TransferInput): TransferTerms | string {
  for (const account of [from, to]) {
    if (typeof account !== 'string' || !accountExpression.test(account) || hasCardNumber(account)) {
      return `${quoted(account)} is not a valid account: an account is 1 to 64 letters, digits, "_" or "-", without a card number, for example account_A`;
    }
  }
  if (from === to) return `from and to are both ${from}: a transfer needs two different accounts`;
  const cents = typeof amount === 'number' || typeof amount === 'string' ? centsOf(String(amount)) : 'not a number';
  if (typeof cents === 'number') return { from, to, amountCents: cents };
  const problem = cents === 'too large' ? `larger than ${decimalOf(MAX_CENTS)}` : cents;
  return `${quoted(amount)} is not a valid amount (${problem}): an amount is a positive number with at most two decimals, for example 100 or 99.90`;
}

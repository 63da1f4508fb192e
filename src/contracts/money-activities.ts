import type { DefiniteRefusal } from './account-api.ts';

/** One movement of money at one account. */
export interface MoneyOperation {
  readonly account: string;
  readonly amountCents: number;
  /** The same key never moves money twice, and gives the same answer for ever. */
  readonly idempotencyKey: string;
}

export interface Deposit extends MoneyOperation {
  /** The idempotency key of the withdrawal whose money comes back by it. */
  readonly reverses?: string;
}

/** What a movement has done, in cents. */
export interface MoneyMoved {
  readonly previousCents: number;
  readonly newCents: number;
}

/**
 * What a transfer may ask of the worker. All are safe to repeat and are retried by Temporal until the account API gives
 * a definite answer.
 * @throws `OperationRefused` with {@link RefusalDetails}, or `IdempotencyKeyReused`; both are not retried
 */
export interface MoneyActivities {
  /** The worker's settings, recorded once in a transfer's history. */
  getTransferSettings(): Promise<TransferSettings>;
  /** The balance of an account in cents. */
  checkBalance(request: { account: string }): Promise<number>;
  withdraw(operation: MoneyOperation): Promise<MoneyMoved>;
  deposit(operation: Deposit): Promise<MoneyMoved>;
}

export interface TransferSettings {
  /** Whether the namespace has the search attributes that a transfer sets. */
  readonly searchAttributes: boolean;
}

/** Details of `OperationRefused`. */
export interface RefusalDetails {
  readonly code: DefiniteRefusal;
}

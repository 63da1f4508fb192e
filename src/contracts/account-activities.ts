import type { DefiniteRefusal } from './account-api.ts';

/** One movement of money into or out of one account. */
export interface MoneyOperation {
  readonly account: string;
  readonly amountCents: number;
  /** Sending the same key again never moves money twice, and always gets the same response. */
  readonly idempotencyKey: string;
}

export interface Deposit extends MoneyOperation {
  /** For a refund: the idempotency key of the withdrawal that it reverses. */
  readonly reverses?: string;
}

/** The balance of an account before and after an operation. */
export interface MoneyMoved {
  readonly previousCents: number;
  readonly newCents: number;
}

/**
 * The account API as workflows call it. All activities are safe to repeat, and Temporal retries them until the response
 * of the account API is definite.
 * @throws `OperationRefused` with {@link RefusalDetails}, or `IdempotencyKeyReused`; neither is retried
 */
export interface AccountActivities {
  /** The worker's settings. A transfer records them once, so that they hold for its whole life. */
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

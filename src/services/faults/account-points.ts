import { WRITE_KINDS } from './any-call.ts';
import type { FaultPoints } from './fault-rules.ts';

/**
 * Where the account API can fail, and how. Before the commit nothing has happened: this point has the reads as well,
 * which need no disk and so know nothing of its errors. After the commit only the answer is lost or spoilt. A rejected
 * deposit is a definite refusal, 422 DEPOSIT_REJECTED, and stays one under its idempotency key;
 * money that comes back by a deposit with `Reverses` is not rejected.
 */
export const ACCOUNT_POINTS = {
  'account.before-commit': WRITE_KINDS,
  'account.after-commit': WRITE_KINDS,
  'account.deposit.reject': ['error-4xx'],
} as const satisfies FaultPoints;

export type AccountPoint = keyof typeof ACCOUNT_POINTS;

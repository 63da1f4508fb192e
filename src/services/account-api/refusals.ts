import type { AmountRefusal, DefiniteRefusal } from '../../contracts/account-api.ts';
import { errorCode } from '../../contracts/errors.ts';
import { decimalOf, MAX_CENTS } from '../../contracts/money.ts';
import { HttpProblem } from '../http/http-problem.ts';
import type { DurabilityUnknownError } from '../storage/journal-errors.ts';
import { money } from './account-responses.ts';
import type { RefusalRecord } from './journal-records.ts';

const REFUSALS: Readonly<Record<AmountRefusal | DefiniteRefusal, readonly [number, string]>> = {
  AMOUNT_REQUIRED: [400, 'Amount is required'],
  AMOUNT_NOT_POSITIVE: [400, 'Amount must be positive'],
  AMOUNT_INVALID: [400, `Amount must be a JSON number from 0.01 to ${decimalOf(MAX_CENTS)} with at most two decimals`],
  ACCOUNT_NOT_FOUND: [404, 'Account not found'],
  INSUFFICIENT_FUNDS: [400, 'Insufficient funds'],
  BALANCE_TOO_LARGE: [422, `The balance would be larger than ${decimalOf(MAX_CENTS)}`],
  DEPOSIT_REJECTED: [422, 'The deposit was rejected'],
};

/**
 * The response to a request that is refused.
 * @param given added to the message: what was given instead of what is allowed
 */
export function refusal(
  code: AmountRefusal | DefiniteRefusal,
  details: Readonly<Record<string, unknown>> = {},
  given = '',
): HttpProblem {
  const [status, message] = REFUSALS[code];
  return new HttpProblem(status, code, message + given, {}, details);
}

/** The response to an operation that was refused; always the same for one refusal. */
export function refusalOf({ code, balanceCents, amountCents }: RefusalRecord): HttpProblem {
  if (code !== 'INSUFFICIENT_FUNDS') return refusal(code);
  return refusal(code, { current_balance: money(balanceCents ?? 0), requested_amount: money(amountCents) });
}

export function keyReused(): HttpProblem {
  const message = 'this Idempotency-Key was used for a different operation, account or amount: use a new key';
  return new HttpProblem(422, 'IDEMPOTENCY_KEY_REUSED', message);
}

/** The response to a reset that failed and changed nothing. */
export function notReset(cause: unknown): unknown {
  if (cause instanceof HttpProblem) return cause;
  const code = errorCode(cause);
  const isFull = code === 'ENOSPC' || code === 'EDQUOT';
  const reason = isFull ? 'the disk of the service is full' : `${code ?? 'an unexpected error'}, see the log`;
  const message = `the accounts were not reset and stay as they are: ${reason}`;
  const problem = isFull ? new HttpProblem(507, 'DISK_FULL', message) : new HttpProblem(500, 'RESET_FAILED', message);
  problem.cause = cause;
  return problem;
}

/** The response while it is unknown whether the state in memory would survive a restart. */
export function durabilityUnknown(cause: DurabilityUnknownError): HttpProblem {
  const problem = new HttpProblem(503, 'DATABASE_UNSURE', cause.message);
  problem.cause = cause;
  return problem;
}

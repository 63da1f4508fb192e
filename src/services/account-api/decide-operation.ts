import { canonicalForm } from '../../resilience/canonical-form.ts';
import { type Accounts, balanceAfter } from './accounts.ts';
import type { Operation, OutcomeRecord, RefusalRecord } from './journal-records.ts';

export interface OperationRequest {
  readonly operation: Operation;
  readonly account: string;
  readonly amountCents: number;
  readonly requestId: string;
  readonly key?: string;
  /** On a refund: the idempotency key of the withdrawal that it reverses. */
  readonly reverses?: string;
}

export type OperationDecision =
  | { readonly kind: 'new'; readonly outcome: OutcomeRecord }
  /** The key already has an outcome: respond with it again. */
  | { readonly kind: 'replay'; readonly outcome: OutcomeRecord }
  /** The key was used for another operation, account or amount. */
  | { readonly kind: 'key reused' };

/**
 * Decides an operation without changing anything.
 * @param accounts whose balances may be ahead of what is durable
 * @param at RFC 3339, UTC
 */
export type DecideOperation = (accounts: Accounts, request: OperationRequest, at: string) => OperationDecision;

export const decideOperation: DecideOperation = ({ balancesCents, outcomes }, request, at) => {
  const known = request.key === undefined ? undefined : outcomes.get(request.key);
  if (known !== undefined) {
    return fingerprintOf(known) === fingerprintOf(request)
      ? { kind: 'replay', outcome: known }
      : { kind: 'key reused' };
  }
  const { operation, account, amountCents } = request;
  const previousCents = balancesCents.get(account);
  if (previousCents === undefined) return refuse(request, at, 'ACCOUNT_NOT_FOUND');
  const newCents = balanceAfter({ kind: operation, amountCents }, previousCents);
  if (newCents === undefined) {
    return refuse(request, at, operation === 'withdraw' ? 'INSUFFICIENT_FUNDS' : 'BALANCE_TOO_LARGE', previousCents);
  }
  const outcome = { kind: operation, account, amountCents, previousCents, newCents, ...receiptOf(request, at) };
  return { kind: 'new', outcome };
};

/** @param balanceCents if the account exists */
export function refuse(
  request: OperationRequest,
  at: string,
  code: RefusalRecord['code'],
  balanceCents?: number,
): OperationDecision {
  const { operation, account, amountCents } = request;
  const balance = balanceCents === undefined ? {} : { balanceCents };
  const refused = { kind: 'refusal', operation, account, amountCents, code, ...balance } as const;
  return { kind: 'new', outcome: { ...refused, ...receiptOf(request, at) } };
}

function receiptOf({ requestId, key }: OperationRequest, at: string) {
  return { at, requestId, ...(key === undefined ? {} : { key }) };
}

/** What a key stands for. It is computed from the record and not stored, so that the computation can change. */
function fingerprintOf(of: OperationRequest | OutcomeRecord): string {
  const { account, amountCents } = of;
  const operation = 'operation' in of ? of.operation : of.kind;
  return canonicalForm({ operation, account, amountCents });
}

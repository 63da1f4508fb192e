import { canonicalForm } from '../../resilience/canonical-form.ts';
import { type Accounts, balanceAfter } from './accounts.ts';
import type { Operation, OutcomeRecord, RefusalRecord } from './journal-records.ts';

export interface OperationRequest {
  readonly operation: Operation;
  readonly account: string;
  readonly amountCents: number;
  readonly requestId: string;
  readonly key?: string;
  /** Of a deposit: the key of the withdrawal whose money it gives back. */
  readonly reverses?: string;
}

export type OperationDecision =
  | { readonly kind: 'new'; readonly outcome: OutcomeRecord }
  /** The key has its answer already: the same one again. */
  | { readonly kind: 'replay'; readonly outcome: OutcomeRecord }
  /** The key belongs to another operation, account or amount. */
  | { readonly kind: 'key reused' };

/**
 * Decides an operation; nothing is changed.
 * @param balancesCents may be ahead of what is durable
 * @param at RFC 3339, UTC
 * @param rejectDeposit a fault that refuses it, definitely; money that comes back to where it was taken is not refused
 */
export function decideOperation(
  { balancesCents, outcomes }: Accounts,
  request: OperationRequest,
  { at, rejectDeposit }: { readonly at: string; readonly rejectDeposit: boolean },
): OperationDecision {
  const known = request.key === undefined ? undefined : outcomes.get(request.key);
  if (known !== undefined) {
    return fingerprintOf(known) === fingerprintOf(request)
      ? { kind: 'replay', outcome: known }
      : { kind: 'key reused' };
  }
  const { operation, account, amountCents, requestId, key } = request;
  const told = { at, requestId, ...(key === undefined ? {} : { key }) };
  const previousCents = balancesCents.get(account);
  const refuse = (code: RefusalRecord['code'], balanceCents?: number): OperationDecision => {
    const balance = balanceCents === undefined ? {} : { balanceCents };
    return { kind: 'new', outcome: { kind: 'refusal', operation, account, amountCents, code, ...balance, ...told } };
  };
  if (previousCents === undefined) return refuse('ACCOUNT_NOT_FOUND');
  if (operation === 'deposit' && rejectDeposit && !givesBack(request, outcomes))
    return refuse('DEPOSIT_REJECTED', previousCents);
  const newCents = balanceAfter({ kind: operation, amountCents }, previousCents);
  if (newCents === undefined) {
    return refuse(operation === 'withdraw' ? 'INSUFFICIENT_FUNDS' : 'BALANCE_TOO_LARGE', previousCents);
  }
  return { kind: 'new', outcome: { kind: operation, account, amountCents, previousCents, newCents, ...told } };
}

function givesBack({ account, amountCents, reverses }: OperationRequest, outcomes: Accounts['outcomes']): boolean {
  const taken = reverses === undefined ? undefined : outcomes.get(reverses);
  return taken?.kind === 'withdraw' && taken.account === account && taken.amountCents === amountCents;
}

/** What a key is bound to. It is computed from the record, not stored: a journal outlives every way to compute it. */
function fingerprintOf(what: OperationRequest | OutcomeRecord): string {
  const { account, amountCents } = what;
  const operation = 'operation' in what ? what.operation : what.kind;
  return canonicalForm({ operation, account, amountCents });
}

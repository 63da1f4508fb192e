import { MAX_CENTS } from '../../contracts/money.ts';
import type { AccountRecord, MoveRecord, OutcomeRecord } from './journal-records.ts';

/** The state that the journal describes. */
export interface Accounts {
  readonly balancesCents: Map<string, number>;
  /** The first definite outcome of each idempotency key, kept forever. */
  readonly outcomes: Map<string, OutcomeRecord>;
}

export function noAccounts(): Accounts {
  return { balancesCents: new Map(), outcomes: new Map() };
}

/**
 * Applies the next record of the journal.
 * @throws Error if the record cannot follow those before it, because the journal is damaged
 */
export function apply({ balancesCents, outcomes }: Accounts, record: AccountRecord): void {
  if (record.kind === 'open') {
    if (balancesCents.has(record.account)) throw new Error(`${record.account} is opened a second time`);
    balancesCents.set(record.account, record.newCents);
    return;
  }
  if (record.kind !== 'refusal') {
    refuseWrongSum(record, balancesCents.get(record.account));
    balancesCents.set(record.account, record.newCents);
  }
  if (record.key === undefined) return;
  if (outcomes.has(record.key)) throw new Error(`the key ${record.key} already has an outcome`);
  outcomes.set(record.key, record);
}

/**
 * The exact balance after an operation; undefined if it would be negative or too large.
 * The amounts are compared before they are added, because a sum above 2^53 is not exact.
 */
export function balanceAfter(
  { kind, amountCents }: Pick<MoveRecord, 'kind' | 'amountCents'>,
  balanceCents: number,
): number | undefined {
  if (kind === 'withdraw') return amountCents > balanceCents ? undefined : balanceCents - amountCents;
  return amountCents > MAX_CENTS - balanceCents ? undefined : balanceCents + amountCents;
}

function refuseWrongSum(record: MoveRecord, balanceCents: number | undefined): void {
  const { account, previousCents, newCents } = record;
  if (balanceCents === undefined) throw new Error(`${account} was never opened`);
  if (previousCents !== balanceCents) {
    throw new Error(`it starts from ${previousCents} cents, but ${account} has ${balanceCents} after the lines before`);
  }
  if (newCents !== balanceAfter(record, balanceCents)) throw new Error('its amounts do not add up');
}

import { MOST_CENTS } from '../../contracts/money.ts';
import type { AccountRecord, MoveRecord, OutcomeRecord } from './journal-records.ts';

/** Everything that the journal says. */
export interface Accounts {
  readonly balancesCents: Map<string, number>;
  /** The first definite answer to each idempotency key, kept for ever. */
  readonly outcomes: Map<string, OutcomeRecord>;
}

export function noAccounts(): Accounts {
  return { balancesCents: new Map(), outcomes: new Map() };
}

/**
 * Follows the journal by one record.
 * @throws Error when the record cannot come after those before it: its journal is damaged
 */
export function follow({ balancesCents, outcomes }: Accounts, record: AccountRecord): void {
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
  if (outcomes.has(record.key)) throw new Error(`the key ${record.key} has an outcome already`);
  outcomes.set(record.key, record);
}

/**
 * What a balance would be after an operation, exactly; undefined when it would be negative or too large.
 * The sum is compared before it is made, since a sum above 2^53 is not exact.
 */
export function balanceAfter(
  { kind, amountCents }: Pick<MoveRecord, 'kind' | 'amountCents'>,
  balanceCents: number,
): number | undefined {
  if (kind === 'withdraw') return amountCents > balanceCents ? undefined : balanceCents - amountCents;
  return amountCents > MOST_CENTS - balanceCents ? undefined : balanceCents + amountCents;
}

function refuseWrongSum(record: MoveRecord, balanceCents: number | undefined): void {
  const { account, previousCents, newCents } = record;
  if (balanceCents === undefined) throw new Error(`${account} was never opened`);
  if (previousCents !== balanceCents) {
    throw new Error(`it begins with ${previousCents} cents, but the lines before leave ${balanceCents} on ${account}`);
  }
  if (newCents !== balanceAfter(record, balanceCents)) throw new Error('its amounts do not add up');
}

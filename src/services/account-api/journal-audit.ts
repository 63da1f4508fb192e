/** What a journal says, found out by code that shares nothing with the service. */
export interface JournalAudit {
  /** What all accounts opened with. */
  readonly openedCents: number;
  /** Opening balance and all movements, in cents, by account. */
  readonly balancesCents: Readonly<Record<string, number>>;
  /** How many lines moved money under each key; without a key under the request's id. */
  readonly moves: Readonly<Record<string, number>>;
}

/**
 * Adds up the raw text of `accounts/journal.jsonl`, for demos and tests.
 * @throws Error when a line cannot be read, an account was never opened or its money does not add up
 */
export function auditJournal(text: string): JournalAudit {
  if (!text.endsWith('\n')) throw new Error('the journal ends within a line');
  let openedCents = 0;
  const balancesCents: Record<string, number> = {};
  const moves: Record<string, number> = {};
  for (const [index, line] of text.trimEnd().split('\n').entries()) {
    const entry = JSON.parse(line);
    const { kind, account } = entry;
    if (kind === 'open') {
      balancesCents[account] = entry.newCents;
      openedCents += entry.newCents;
    }
    if (kind !== 'withdraw' && kind !== 'deposit') continue;
    const balance = (balancesCents[account] ?? Number.NaN) + (kind === 'deposit' ? 1 : -1) * entry.amountCents;
    if (balance !== entry.newCents || !(balance >= 0)) throw new Error(`line ${index + 1} does not add up: ${line}`);
    balancesCents[account] = balance;
    const name = entry.key ?? entry.requestId;
    moves[name] = (moves[name] ?? 0) + 1;
  }
  return { openedCents, balancesCents, moves };
}

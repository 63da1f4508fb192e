/** What a journal contains, according to code that shares nothing with the service. */
export interface JournalAudit {
  /** The sum of all opening balances. */
  readonly openedCents: number;
  /** The opening balance plus all movements, in cents, by account. */
  readonly balancesCents: Readonly<Record<string, number>>;
  /** How many lines moved money for each key, or for each request id where there is no key. */
  readonly moves: Readonly<Record<string, number>>;
}

/**
 * Adds up the raw text of `accounts/journal.jsonl`, for demos and tests. The newline of the last line may be missing.
 * @throws Error if a line cannot be read, an account was never opened or its balance does not add up
 */
export function auditJournal(text: string): JournalAudit {
  if (!text.trimEnd().endsWith('}')) throw new Error('the last line of the journal is incomplete');
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

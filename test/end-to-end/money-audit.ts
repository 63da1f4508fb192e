import { lostCentsOf, readJournal, stepsOfTransfers } from '../../testbed/transfer-audit.ts';

export interface MoneyAudit {
  /** What was really moved for each transfer: `withdraw`, `deposit`, `refund`; by transfer id. */
  readonly moves: ReadonlyMap<string, readonly string[]>;
  /** Everything that speaks against the journal, a sentence each. */
  readonly wrong: readonly string[];
}

/**
 * Judges the journal of the account API: money is neither made nor lost, and each step of each transfer has moved it at
 * most once.
 * @throws Error when the journal does not add up
 */
export async function auditMoney(journal: string): Promise<MoneyAudit> {
  const audit = await readJournal(journal);
  const moves = stepsOfTransfers(audit);
  const wrong = Object.entries(audit.moves)
    .filter(([, times]) => times > 1)
    .map(([key]) => `${key} has moved money twice`);
  for (const [transferId, steps] of moves) {
    const credits = steps.filter((step) => step !== 'withdraw').length;
    if (steps.length - credits !== 1 || credits > 1) {
      wrong.push(`transfer ${transferId} has moved ${steps.join(', ')}`);
    }
  }
  const halfMoved = [...moves.values()].some((steps) => steps.length === 1);
  const lostCents = lostCentsOf(audit);
  if (!halfMoved && lostCents !== 0) wrong.push(`${lostCents} cents are lost`);
  return { moves, wrong };
}

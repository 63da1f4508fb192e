import { readFile } from 'node:fs/promises';
import { decimalOf } from '../src/contracts/money.ts';
import { auditJournal, type JournalAudit } from '../src/services/account-api/journal-audit.ts';

/** What the journal of the account API tells about transfers. */
export interface TransferAudit {
  /** Transfers that have withdrawn. */
  readonly withdrawn: number;
  /** Transfers that have made a step twice. */
  readonly movedTwice: number;
  /** Transfers that have withdrawn and neither deposited nor refunded. */
  readonly halfMoved: number;
  /** What both accounts hold less than they opened with, in cents; negative when they hold more. */
  readonly lostCents: number;
}

/**
 * Counts from the journal alone, knowing nothing of workflows.
 * @param journal read before and after, it tells what happened between
 */
export async function auditTransfers(journal: string): Promise<TransferAudit> {
  const audit = await readJournal(journal);
  const all = [...stepsOfTransfers(audit).values()];
  return {
    withdrawn: all.length,
    movedTwice: all.filter((steps) => steps.length > 2 || new Set(steps).size < steps.length).length,
    halfMoved: all.filter((steps) => steps.length === 1).length,
    lostCents: lostCentsOf(audit),
  };
}

/** Adds up a journal as it is now: a last line that is being written, or was torn by a kill, counts for nothing. */
export async function readJournal(journal: string): Promise<JournalAudit> {
  const text = await readFile(journal, 'utf8');
  return auditJournal(text.slice(0, text.lastIndexOf('\n') + 1));
}

/** What all accounts hold less than they opened with. */
export function lostCentsOf({ openedCents, balancesCents }: JournalAudit): number {
  return Object.values(balancesCents).reduce((left, cents) => left - cents, openedCents);
}

/** What each transfer has moved, in order: `withdraw`, `deposit`, `refund`; one made twice stands there twice. */
export function stepsOfTransfers({ moves }: JournalAudit): ReadonlyMap<string, readonly string[]> {
  const transfers = new Map<string, string[]>();
  for (const [key, times] of Object.entries(moves)) {
    const [, transferId, step] = /^transfer-(.+)\/(withdraw|deposit|refund)/.exec(key) ?? [];
    if (transferId === undefined || step === undefined) continue;
    transfers.set(transferId, [...(transfers.get(transferId) ?? []), ...Array<string>(times).fill(step)]);
  }
  return transfers;
}

/** The balances as the journal has them, for people. */
export async function balancesIn(journal: string): Promise<string> {
  const { balancesCents } = await readJournal(journal);
  return Object.entries(balancesCents)
    .map(([account, cents]) => `${account} ${decimalOf(cents)}`)
    .join(', ');
}

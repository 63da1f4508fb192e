import { openJournal } from '../storage/journal.ts';
import { databaseFiles } from './database-files.ts';
import { type LedgerRecord, records } from './records.ts';

/** The record of calls: one line per create received and per commit. The ticket files are the truth, not this. */
export interface Ledger {
  append(record: LedgerRecord): Promise<void>;
  close(): Promise<void>;
}

/**
 * @returns the ledger, when its newest line was written, and how many bytes of a torn last line were cut off
 * @throws JournalDamagedError
 */
export async function openLedger(
  databaseDir: string,
): Promise<{ ledger: Ledger; newestMs: number; cutOffBytes: number }> {
  let newestMs = 0;
  const { journal, cutOffBytes } = await openJournal(databaseFiles.ledger(databaseDir), (entry) => {
    if (!records.ledger.Check(entry)) throw new Error('this is no line of the ledger');
    newestMs = Math.max(newestMs, Date.parse(entry.at));
  });
  return { ledger: journal, newestMs, cutOffBytes };
}

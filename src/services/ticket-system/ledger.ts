import { type JournalRepair, openJournal } from '../storage/journal.ts';
import { databaseFiles } from './database-files.ts';
import { type LedgerRecord, records } from './records.ts';

/** One line for each create received and each commit. If it differs from the ticket files, the files are right. */
export interface Ledger {
  append(record: LedgerRecord): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens the ledger, which is created if it does not exist.
 * @returns the ledger, the time of its newest line (0 if it has none), and how its last line was repaired
 * @throws JournalDamagedError
 */
export async function openLedger(
  databaseDir: string,
): Promise<{ ledger: Ledger; newestMs: number; repair: JournalRepair }> {
  let newestMs = 0;
  const { journal, ...repair } = await openJournal(databaseFiles.ledger(databaseDir), (entry) => {
    if (!records.ledger.Check(entry)) throw new Error('it is not a line of the ledger');
    newestMs = Math.max(newestMs, Date.parse(entry.at));
  });
  return { ledger: journal, newestMs, repair };
}

import type { FastifyBaseLogger } from 'fastify';
import { refuseUnusableFolder } from '../storage/database-folder.ts';
import { lockFolder } from '../storage/folder-lock.ts';
import { type AccountLedger, type AccountLedgerOptions, openAccountLedger } from './account-ledger.ts';
import { databaseFiles } from './accounts-journal.ts';

interface Database {
  readonly ledger: AccountLedger;
  close(): Promise<void>;
}

/**
 * Opens a database folder for this process alone.
 * @throws DatabaseUnusableError, FolderInUseError or JournalDamagedError
 */
export async function openDatabase(options: AccountLedgerOptions, log: FastifyBaseLogger): Promise<Database> {
  const { databaseDir } = options;
  await refuseUnusableFolder(databaseDir);
  const release = await lockFolder(databaseDir, databaseFiles.lockName);
  try {
    const { ledger, cutOffBytes } = await openAccountLedger(options);
    if (cutOffBytes > 0) log.warn({ cutOffBytes }, 'the last line of the journal was torn and has been cut off');
    return { ledger, close: () => ledger.close().finally(release) };
  } catch (error) {
    await release();
    throw error;
  }
}

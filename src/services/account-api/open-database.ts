import type { FastifyBaseLogger } from 'fastify';
import { refuseUnusableFolder } from '../storage/database-folder.ts';
import { lockFolder } from '../storage/folder-lock.ts';
import type { JournalDisk } from '../storage/journal-disk.ts';
import { type AccountLedger, openAccountLedger } from './account-ledger.ts';
import { databaseFiles } from './database-files.ts';

export interface Database {
  readonly ledger: AccountLedger;
  close(): Promise<void>;
}

/**
 * Opens the accounts in a database folder, for this process alone.
 * @throws DatabaseUnusableError, FolderInUseError or JournalDamagedError
 */
export async function openDatabase(options: {
  readonly databaseDir: string;
  /** The wall clock in epoch milliseconds. */
  readonly now: () => number;
  readonly log: FastifyBaseLogger;
  readonly disk?: JournalDisk;
}): Promise<Database> {
  const { databaseDir, log } = options;
  await refuseUnusableFolder(databaseDir);
  const release = await lockFolder(databaseDir, databaseFiles.lockName);
  try {
    const { ledger, cutOffBytes } = await openAccountLedger(options);
    if (cutOffBytes > 0) log.warn({ cutOffBytes }, 'the journal ended within a line, which was cut off');
    return { ledger, close: () => ledger.close().finally(release) };
  } catch (error) {
    await release();
    throw error;
  }
}

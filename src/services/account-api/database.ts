import type { FastifyBaseLogger } from 'fastify';
import { lockFolder } from '../../platform/files/folder-lock.ts';
import type { OpenLocked } from '../../platform/files/open-locked.ts';
import { refuseUnusableFolder } from '../storage/database-folder.ts';
import { describeRepair } from '../storage/journal.ts';
import { type AccountLedger, type AccountLedgerOptions, openAccountLedger } from './account-ledger.ts';
import { databaseFiles } from './accounts-journal.ts';

interface Database {
  readonly ledger: AccountLedger;
  close(): Promise<void>;
}

/**
 * Opens a database folder for this process alone.
 * @throws DatabaseUnusableError, FolderInUseError, LockUnavailableError, OddFileError or JournalDamagedError
 */
export async function openDatabase(
  options: AccountLedgerOptions,
  log: FastifyBaseLogger,
  openLocked?: OpenLocked,
): Promise<Database> {
  const { databaseDir } = options;
  await refuseUnusableFolder(databaseDir);
  const release = await lockFolder(databaseDir, databaseFiles.lockName, openLocked);
  try {
    const { ledger, ...repair } = await openAccountLedger(options);
    const repaired = describeRepair('journal', repair);
    if (repaired !== undefined) log.warn(repaired);
    return { ledger, close: () => ledger.close().finally(release) };
  } catch (error) {
    await release();
    throw error;
  }
}

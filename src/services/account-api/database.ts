import type { FastifyBaseLogger } from 'fastify';
import { lockFolder } from '../../platform/files/folder-lock.ts';
import { type OpenLocked, openLocked as openWithLock } from '../../platform/files/open-locked.ts';
import { removeTemporaryFiles } from '../storage/create-file-once.ts';
import { findDatabaseFolder } from '../storage/database-folder.ts';
import { describeRepair } from '../storage/journal.ts';
import { notePartsInUse, refuseLostParts } from '../storage/parts-in-use.ts';
import { type AccountLedger, type AccountLedgerOptions, openAccountLedger } from './account-ledger.ts';
import { databaseFiles, refuseEmptyJournal } from './accounts-journal.ts';

interface Database {
  readonly ledger: AccountLedger;
  close(): Promise<void>;
}

/**
 * Opens a database folder for this process alone. A new database gets its journal; one that was used before must have
 * it.
 * @throws DatabaseUnusableError, FolderInUseError, LockUnavailableError, OddFileError or JournalDamagedError
 */
export async function openDatabase(
  options: AccountLedgerOptions,
  log: FastifyBaseLogger,
  openLocked: OpenLocked = openWithLock,
): Promise<Database> {
  const databaseDir = await findDatabaseFolder(options.databaseDir);
  const lock = await lockFolder(databaseDir, databaseFiles.lockName, openLocked);
  const closing = [() => lock.release()];
  const close = () => closing.splice(0).reduceRight((closed, end) => closed.finally(end), Promise.resolve());
  try {
    if (await refuseLostParts(databaseDir, databaseFiles.partsName)) await refuseEmptyJournal(databaseDir);
    // What cannot be removed does no harm: temporary files are never read.
    await removeTemporaryFiles(databaseDir, { shared: true }).catch((error: unknown) => {
      log.warn({ err: error }, 'temporary files that a killed process has left could not be removed');
    });
    const { ledger, ...repair } = await openAccountLedger({ ...options, databaseDir, log, openLocked });
    closing.push(() => ledger.close());
    const repaired = describeRepair('journal', repair);
    if (repaired !== undefined) log.warn(repaired);
    await notePartsInUse(databaseDir, databaseFiles.partsName, databaseFiles.parts);
    return { ledger, close };
  } catch (error) {
    await close();
    throw error;
  }
}

import { join } from 'node:path';
import type { FastifyBaseLogger } from 'fastify';
import { lockFolder } from '../../platform/files/folder-lock.ts';
import { type OpenLocked, openLocked as openWithLock } from '../../platform/files/open-locked.ts';
import { removeTemporaryFiles } from '../storage/create-file-once.ts';
import { findDatabaseFolder } from '../storage/database-folder.ts';
import { type DatabaseParts, holdParts } from '../storage/database-parts.ts';
import { createFolder, type Disk } from '../storage/disk.ts';
import { createDurableFolders } from '../storage/durable-folders.ts';
import { describeRepair } from '../storage/journal.ts';
import { notePartsInUse, refuseEmptyFolders, refuseLostParts, refuseMissingParts } from '../storage/parts-in-use.ts';
import { databaseFiles } from './database-files.ts';
import { createKnownRecords } from './known-records.ts';
import { type Ledger, noteCommit, openLedger } from './ledger.ts';
import type { TicketRecord } from './records.ts';
import { createReservationStore, type ReservationStore } from './reservation-store.ts';
import { createTicketStore, type TicketStore } from './ticket-store.ts';

export interface Database {
  readonly reservations: ReservationStore;
  readonly tickets: TicketStore;
  readonly ledger: Ledger;
  /** The folders and the ledger, which this process holds open. */
  readonly parts: DatabaseParts;
  /** The time of the newest line of the ledger; 0 if it has none. */
  readonly newestMs: number;
  close(): Promise<void>;
}

/**
 * Opens a database folder for this process alone. A new database gets its folders and its ledger; one that was used
 * before must have them.
 * @throws DatabaseUnusableError, FolderInUseError, LockUnavailableError, OddFileError or JournalDamagedError
 */
export async function openDatabase(
  givenFolder: string,
  disk: Disk,
  log: FastifyBaseLogger,
  openLocked: OpenLocked = openWithLock,
): Promise<Database> {
  const databaseDir = await findDatabaseFolder(givenFolder);
  const lock = await lockFolder(databaseDir, databaseFiles.lockName, openLocked);
  const closing: (() => Promise<void> | void)[] = [() => lock.release()];
  const close = () => closing.splice(0).reduceRight((closed, end) => closed.finally(end), Promise.resolve());
  try {
    await refuseLostParts(databaseDir, databaseFiles.partsName);
    const known = createKnownRecords();
    const { ledger, hasLines, newestMs, repair } = await openLedger(databaseDir, known, openLocked);
    closing.push(() => ledger.close());
    const repaired = describeRepair('ledger', repair);
    if (repaired !== undefined) log.warn(repaired);

    // The folders were created before the first line was written.
    if (hasLines) await refuseMissingParts(databaseDir, databaseFiles.folders, 'ledger.jsonl');
    if (known.hasTickets()) await refuseEmptyFolders(databaseDir, databaseFiles.folders, 'ledger.jsonl');
    const partFolders = databaseFiles.folders.map((folder) => join(databaseDir, folder));
    for (const folder of partFolders) await createFolder(folder, disk);
    await removeLeftovers(databaseDir, log);
    await notePartsInUse(databaseDir, databaseFiles.partsName, databaseFiles.parts);
    const parts = holdParts(partFolders, [() => ledger.check()], log);
    closing.push(() => parts.close());
    const folders = createDurableFolders(disk);
    const store = { databaseDir, disk, folders, parts, known };
    // A ticket that is older than the ledger, such as the sample in this repository, needs no line.
    const onFound = async (record: TicketRecord) => {
      if (ledger.hasBegunBy(record.createdAt)) await noteCommit(ledger, record, log);
    };
    return {
      reservations: createReservationStore(store),
      tickets: createTicketStore({ ...store, onFound }),
      ledger,
      parts,
      newestMs,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** What cannot be removed does no harm: temporary files are never read. */
async function removeLeftovers(databaseDir: string, log: FastifyBaseLogger): Promise<void> {
  try {
    const removed = [
      await removeTemporaryFiles(databaseDir, { shared: true }),
      await removeTemporaryFiles(databaseFiles.reservations(databaseDir)),
      await removeTemporaryFiles(databaseFiles.tickets(databaseDir)),
    ].reduce((sum, count) => sum + count);
    if (removed > 0) log.warn({ removed }, 'temporary files that a killed process had left were removed');
  } catch (error) {
    log.warn({ err: error }, 'temporary files that a killed process has left could not be removed');
  }
}

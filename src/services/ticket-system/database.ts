import type { FastifyBaseLogger } from 'fastify';
import { lockFolder } from '../../platform/files/folder-lock.ts';
import type { OpenLocked } from '../../platform/files/open-locked.ts';
import { removeTemporaryFiles } from '../storage/create-file-once.ts';
import { refuseUnusableFolder } from '../storage/database-folder.ts';
import type { Disk } from '../storage/disk.ts';
import { createDurableFolders } from '../storage/durable-folders.ts';
import { describeRepair } from '../storage/journal.ts';
import { databaseFiles } from './database-files.ts';
import { type Ledger, openLedger } from './ledger.ts';
import { openReservationStore, type ReservationStore } from './reservation-store.ts';
import { openTicketStore, type TicketStore } from './ticket-store.ts';

export interface Database {
  readonly reservations: ReservationStore;
  readonly tickets: TicketStore;
  readonly ledger: Ledger;
  /** The time of the newest line of the ledger; 0 if it has none. */
  readonly newestMs: number;
  close(): Promise<void>;
}

/**
 * Opens a database folder for this process alone.
 * @throws DatabaseUnusableError, FolderInUseError, LockUnavailableError, OddFileError or JournalDamagedError
 */
export async function openDatabase(
  databaseDir: string,
  disk: Disk,
  log: FastifyBaseLogger,
  openLocked?: OpenLocked,
): Promise<Database> {
  await refuseUnusableFolder(databaseDir);
  const release = await lockFolder(databaseDir, databaseFiles.lockName, openLocked);
  try {
    const folders = createDurableFolders(disk);
    const reservations = await openReservationStore(databaseDir, disk, folders);
    const tickets = await openTicketStore(databaseDir, disk, folders);
    const removed = await removeLeftovers(databaseDir);
    if (removed > 0) log.warn({ removed }, 'temporary files that a killed process had left were removed');
    const { ledger, newestMs, repair } = await openLedger(databaseDir);
    const repaired = describeRepair('ledger', repair);
    if (repaired !== undefined) log.warn(repaired);
    const close = () => ledger.close().finally(release);
    return { reservations, tickets, ledger, newestMs, close };
  } catch (error) {
    await release();
    throw error;
  }
}

async function removeLeftovers(databaseDir: string): Promise<number> {
  const inReservations = await removeTemporaryFiles(databaseFiles.reservations(databaseDir));
  return inReservations + (await removeTemporaryFiles(databaseFiles.tickets(databaseDir)));
}

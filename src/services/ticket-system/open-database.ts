import type { FastifyBaseLogger } from 'fastify';
import { refuseUnusableFolder } from '../storage/database-folder.ts';
import { lockFolder } from '../storage/folder-lock.ts';
import { databaseFiles } from './database-files.ts';
import { createDurableFolders } from './durable-folders.ts';
import { type Ledger, openLedger } from './ledger.ts';
import { openReservationStore, type ReservationStore } from './reservation-store.ts';
import { openTicketStore, type TicketStore } from './ticket-store.ts';

export interface Database {
  readonly reservations: ReservationStore;
  readonly tickets: TicketStore;
  readonly ledger: Ledger;
  /** When the newest line of the ledger was written; 0 when there is none. */
  readonly newestMs: number;
  close(): Promise<void>;
}

/**
 * Opens a database folder for this process alone.
 * @throws DatabaseUnusableError, FolderInUseError or JournalDamagedError
 */
export async function openDatabase(databaseDir: string, log: FastifyBaseLogger): Promise<Database> {
  await refuseUnusableFolder(databaseDir);
  const release = await lockFolder(databaseDir, databaseFiles.lockName);
  try {
    const folders = createDurableFolders();
    const reservations = await openReservationStore(databaseDir, folders);
    const tickets = await openTicketStore(databaseDir, folders);
    const { ledger, newestMs, cutOffBytes } = await openLedger(databaseDir);
    if (cutOffBytes > 0) log.warn({ cutOffBytes }, 'the ledger ended within a line, which was cut off');
    const close = () => ledger.close().finally(release);
    return { reservations, tickets, ledger, newestMs, close };
  } catch (error) {
    await release();
    throw error;
  }
}

import { access, constants, stat } from 'node:fs/promises';
import type { FastifyBaseLogger } from 'fastify';
import { errorCode } from '../../resilience/error-code.ts';
import { lockFolder } from '../../storage/folder-lock.ts';
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

/** The database folder cannot be used; the message says why and what to do. */
export class DatabaseUnusableError extends Error {
  override readonly name = 'DatabaseUnusableError';
}

/**
 * Opens a database folder for this process alone.
 * @throws DatabaseUnusableError, FolderInUseError or JournalDamagedError
 */
export async function openDatabase(databaseDir: string, log: FastifyBaseLogger): Promise<Database> {
  await refuseUnusable(databaseDir);
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

async function refuseUnusable(databaseDir: string): Promise<void> {
  const hint = 'set DATABASE_DIR to a folder that exists and can be written';
  try {
    if (!(await stat(databaseDir)).isDirectory())
      throw new DatabaseUnusableError(`${databaseDir} is no folder: ${hint}`);
    await access(databaseDir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    if (error instanceof DatabaseUnusableError) throw error;
    const reason =
      errorCode(error) === 'ENOENT' ? 'does not exist' : `cannot be written (${errorCode(error) ?? error})`;
    throw new DatabaseUnusableError(`the database folder ${databaseDir} ${reason}: ${hint}`, { cause: error });
  }
}

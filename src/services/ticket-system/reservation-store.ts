import { join } from 'node:path';
import { type CreationSteps, createFileOnce } from '../storage/create-file-once.ts';
import { createFolder } from '../storage/folders.ts';
import { DatabaseDamagedError } from './database-damaged-error.ts';
import { databaseFiles, RECORD_ENDING } from './database-files.ts';
import type { DurableFolders } from './durable-folders.ts';
import { readRecord } from './read-record.ts';
import { type ReservationRecord, records } from './records.ts';

/** The reservations on disk, one file per order, never changed. Call it for an order only under that order's lock. */
export interface ReservationStore {
  /** @throws DatabaseDamagedError */
  find(orderId: string): Promise<ReservationRecord | undefined>;
  /**
   * Stores the only reservation of an order; it is durable once this returns.
   * @throws Error when the order already has one
   */
  add(reservation: ReservationRecord, steps: CreationSteps): Promise<void>;
}

export async function openReservationStore(databaseDir: string, folders: DurableFolders): Promise<ReservationStore> {
  const folder = databaseFiles.reservations(databaseDir);
  await createFolder(folder);
  return {
    async find(orderId) {
      const file = join('reservations', orderId + RECORD_ENDING);
      const reservation = await readRecord(databaseDir, file, records.reservation);
      if (reservation === undefined) return undefined;
      if (reservation.orderID !== orderId) throw new DatabaseDamagedError(file, 'it is about another order');
      await folders.ensure(folder);
      return reservation;
    },
    async add(reservation, steps) {
      folders.unresolved(folder);
      const path = join(folder, reservation.orderID + RECORD_ENDING);
      const creation = await createFileOnce(path, `${JSON.stringify(reservation, null, 2)}\n`, steps);
      if (creation === 'exists') throw new Error(`order ${reservation.orderID} already has a reservation`);
    },
  };
}

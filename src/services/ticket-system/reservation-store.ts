import { join } from 'node:path';
import { placeFileOnce } from '../storage/create-file-once.ts';
import { createFolder, type Disk, jsonText } from '../storage/disk.ts';
import type { DurableFolders } from '../storage/durable-folders.ts';
import { databaseFiles, RECORD_ENDING, readRecord, recordOfAnotherOrder } from './database-files.ts';
import { type ReservationRecord, records } from './records.ts';

/** The reservations on disk: one file for each order, never changed. */
export interface ReservationStore {
  /** @throws DatabaseDamagedError, or HttpProblem 409 if the disk cannot tell the order from another one */
  find(orderId: string): Promise<ReservationRecord | undefined>;
  /** Stores a reservation, durably. The caller holds the lock of the order, which has no reservation yet. */
  add(reservation: ReservationRecord): Promise<void>;
}

export async function openReservationStore(
  databaseDir: string,
  disk: Disk,
  folders: DurableFolders,
): Promise<ReservationStore> {
  const folder = databaseFiles.reservations(databaseDir);
  await createFolder(folder, disk);
  return {
    async find(orderId) {
      const file = join('reservations', orderId + RECORD_ENDING);
      const reservation = await readRecord(databaseDir, file, records.reservation);
      if (reservation === undefined) return undefined;
      if (reservation.orderID !== orderId) throw recordOfAnotherOrder(file, orderId, reservation.orderID);
      await folders.ensure(folder);
      return reservation;
    },
    async add(reservation) {
      const name = reservation.orderID + RECORD_ENDING;
      const text = jsonText(reservation);
      const creation = await folders.change(folder, () => placeFileOnce(join(folder, name), text, disk));
      if (creation === 'exists') throw new Error(`reservations/${name} already exists`);
      await folders.ensure(folder);
    },
  };
}

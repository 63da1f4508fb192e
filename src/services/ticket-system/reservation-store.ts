import { join } from 'node:path';
import { placeFileOnce } from '../storage/create-file-once.ts';
import type { DatabaseParts } from '../storage/database-parts.ts';
import { type Disk, jsonText } from '../storage/disk.ts';
import type { DurableFolders } from '../storage/durable-folders.ts';
import { databaseFiles, missingFile, RECORD_ENDING, readRecord, recordOfAnotherOrder } from './database-files.ts';
import type { KnownRecords } from './known-records.ts';
import { type ReservationRecord, records } from './records.ts';

/** The reservations on disk: one file for each order, never changed. */
export interface ReservationStore {
  /**
   * @throws DatabaseDamagedError, DatabaseMissingError, or HttpProblem 409 if the disk cannot tell the order from another
   *   one
   */
  find(orderId: string): Promise<ReservationRecord | undefined>;
  /** Stores a reservation, durably. The caller holds the lock of the order, which has no reservation yet. */
  add(reservation: ReservationRecord): Promise<void>;
}

export function createReservationStore(store: {
  readonly databaseDir: string;
  readonly disk: Disk;
  readonly folders: DurableFolders;
  readonly parts: DatabaseParts;
  readonly known: KnownRecords;
}): ReservationStore {
  const { databaseDir, disk, folders, parts, known } = store;
  const folder = databaseFiles.reservations(databaseDir);

  async function find(orderId: string): Promise<ReservationRecord | undefined> {
    const file = join('reservations', orderId + RECORD_ENDING);
    const reservation = await readRecord(databaseDir, file, records.reservation);
    if (reservation === undefined) {
      if (known.hasReservation(orderId)) throw missingFile(file, 'this order has a reservation');
      return undefined;
    }
    if (reservation.orderID !== orderId) throw recordOfAnotherOrder(file, orderId, reservation.orderID);
    await folders.ensure(folder);
    return reservation;
  }

  async function add(reservation: ReservationRecord): Promise<void> {
    const name = reservation.orderID + RECORD_ENDING;
    const text = jsonText(reservation);
    const creation = await folders.change(folder, () => placeFileOnce(join(folder, name), text, disk));
    if (creation === 'exists') throw new Error(`reservations/${name} already exists`);
    await folders.ensure(folder);
  }

  return {
    async find(orderId) {
      const reservation = await parts.readInPlace(
        () => find(orderId),
        (found) => found === undefined,
      );
      if (reservation !== undefined) known.addReservation(orderId);
      return reservation;
    },
    async add(reservation) {
      await parts.whileInPlace(() => add(reservation));
      known.addReservation(reservation.orderID);
    },
  };
}

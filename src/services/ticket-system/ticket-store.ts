import { join } from 'node:path';
import { OddFileError } from '../../platform/files/open-regular-file.ts';
import { placeFileOnce, TEMPORARY_PREFIX } from '../storage/create-file-once.ts';
import { DatabaseMissingError, type DatabaseParts } from '../storage/database-parts.ts';
import { createFolder, type Disk, jsonText } from '../storage/disk.ts';
import type { DurableFolders } from '../storage/durable-folders.ts';
import {
  DatabaseDamagedError,
  databaseFiles,
  missingFile,
  RECORD_ENDING,
  readRecord,
  recordOfAnotherOrder,
  VOID_ENDING,
} from './database-files.ts';
import type { KnownRecords } from './known-records.ts';
import { records, type TicketRecord, type VoidRecord } from './records.ts';

export interface StoredTicket {
  readonly record: TicketRecord;
  /** Present when the ticket was taken out of circulation. */
  readonly voided?: VoidRecord;
}

/**
 * The tickets on disk: a folder for each order, a file for each ticket and each void, none ever overwritten.
 * Every call must hold the lock of its order.
 */
export interface TicketStore {
  /**
   * All tickets of an order, oldest first, found in its folder alone.
   * @throws DatabaseDamagedError if the folder holds anything but complete tickets and voids of this order, or lacks one
   *   that is known to exist
   * @throws DatabaseMissingError
   */
  read(orderId: string): Promise<readonly StoredTicket[]>;
  /**
   * Adds a ticket, durably.
   * @param onPlaced called once `read` finds the ticket, even if making it durable failed
   * @throws DatabaseMissingError if it is unknown whether it is in this database; if it is, the next `read` finds it
   */
  addTicket(record: TicketRecord, onPlaced: () => Promise<void>): Promise<void>;
  /** Adds a void, durably. */
  addVoid(ticket: TicketRecord, record: VoidRecord): Promise<void>;
}

export function createTicketStore(store: {
  readonly databaseDir: string;
  readonly disk: Disk;
  readonly folders: DurableFolders;
  readonly parts: DatabaseParts;
  readonly known: KnownRecords;
  /**
   * Called with a ticket that is found and was not known: the service could not confirm that it was put into this
   * database, or was killed before it could note it.
   */
  readonly onFound: (record: TicketRecord) => Promise<void>;
}): TicketStore {
  const { databaseDir, disk, folders, parts, known, onFound } = store;
  const root = databaseFiles.tickets(databaseDir);

  async function read(orderId: string): Promise<readonly StoredTicket[]> {
    const folder = join(root, orderId);
    const names = (await namesIn(orderId)).filter((name) => !name.startsWith(TEMPORARY_PREFIX));
    const tickets = names.length === 0 ? [] : await readFiles(databaseDir, orderId, names);
    refuseLost(known, orderId, tickets);
    if (names.length > 0) await folders.ensure(folder);
    return tickets;
  }

  async function place(orderId: string, name: string, record: object): Promise<void> {
    const folder = join(root, orderId);
    await createFolder(folder, disk);
    const text = jsonText(record);
    const creation = await folders.change(folder, () => placeFileOnce(join(folder, name), text, disk));
    if (creation === 'exists') throw new Error(`${name} already exists: a ticket id was used twice`);
  }

  async function namesIn(orderId: string): Promise<readonly string[]> {
    try {
      return await disk.readFolder(join(root, orderId));
    } catch (error) {
      if (error instanceof OddFileError) throw damaged(orderId, '', `it is ${error.found}`, error);
      throw error;
    }
  }

  const sync = (orderId: string) => folders.ensure(join(root, orderId));

  return {
    async read(orderId) {
      const tickets = await parts.readInPlace(
        () => read(orderId),
        (found) => found.length === 0,
      );
      const unknown = tickets.filter(({ record }) => !isKnown(known, record));
      remember(known, orderId, tickets);
      for (const { record } of unknown) await onFound(record);
      return tickets;
    },
    async addTicket(record, onPlaced) {
      let isPlaced = false;
      try {
        await parts.whileInPlace(async () => {
          await place(record.orderID, ticketName(record), record);
          isPlaced = true;
          await sync(record.orderID);
        });
      } catch (error) {
        // It may have been put into another folder.
        isPlaced &&= !(error instanceof DatabaseMissingError);
        throw error;
      } finally {
        if (isPlaced) {
          known.addTicket(record.orderID, record.ticketID);
          await onPlaced();
        }
      }
    },
    async addVoid(ticket, record) {
      await parts.whileInPlace(() => place(ticket.orderID, voidName(ticketName(ticket)), record));
      known.addVoid(ticket.orderID, ticket.ticketID);
      await parts.whileInPlace(() => sync(ticket.orderID));
    },
  };
}

/** @throws DatabaseDamagedError if a ticket or a void is known to exist and was not found */
function refuseLost(known: KnownRecords, orderId: string, found: readonly StoredTicket[]): void {
  for (const { ticketId, voided } of known.ticketsOf(orderId)) {
    const ticket = found.find(({ record }) => record.ticketID === ticketId);
    if (ticket === undefined) {
      throw missingFile(fileOf(orderId, `*-${ticketId}${RECORD_ENDING}`), 'the ticket was committed');
    }
    if (voided && ticket.voided === undefined) {
      throw missingFile(fileOf(orderId, voidName(ticketName(ticket.record))), 'the ticket was voided');
    }
  }
}

function isKnown(known: KnownRecords, { orderID, ticketID }: TicketRecord): boolean {
  return known.ticketsOf(orderID).some(({ ticketId }) => ticketId === ticketID);
}

function remember(known: KnownRecords, orderId: string, found: readonly StoredTicket[]): void {
  for (const { record, voided } of found) {
    if (voided === undefined) known.addTicket(orderId, record.ticketID);
    else known.addVoid(orderId, record.ticketID);
  }
}

/** Oldest first. */
async function readFiles(databaseDir: string, orderId: string, names: readonly string[]): Promise<StoredTicket[]> {
  const voids = await readVoids(databaseDir, orderId, names);
  const tickets: StoredTicket[] = [];
  for (const name of names.filter((one) => !one.endsWith(VOID_ENDING))) {
    const record = await readTicket(databaseDir, orderId, name);
    const voided = voids.get(name);
    voids.delete(name);
    tickets.push(voided === undefined ? { record } : { record, voided });
  }
  for (const name of voids.keys()) throw damaged(orderId, name, 'it is missing, but its void exists');
  return tickets.sort(oldestFirst);
}

/**
 * The ticket with this id, about which a decision was made.
 * @throws Error if it is not there
 */
export function findTicket(stored: readonly StoredTicket[], ticketId: string): StoredTicket {
  const found = stored.find(({ record }) => record.ticketID === ticketId);
  if (found === undefined) throw new Error(`${ticketId} is not among the tickets of its order`);
  return found;
}

function ticketName({ reservationID, ticketID }: TicketRecord): string {
  return `${reservationID}-${ticketID}${RECORD_ENDING}`;
}

function voidName(ofTicket: string): string {
  return ofTicket.slice(0, -RECORD_ENDING.length) + VOID_ENDING;
}

async function readTicket(databaseDir: string, orderId: string, name: string): Promise<TicketRecord> {
  if (!name.endsWith(RECORD_ENDING)) throw damaged(orderId, name, 'it is not a ticket');
  const record = await readRecord(databaseDir, fileOf(orderId, name), records.ticket);
  if (record === undefined) throw damaged(orderId, name, 'it disappeared while it was read');
  if (record.orderID !== orderId) throw recordOfAnotherOrder(fileOf(orderId, name), orderId, record.orderID);
  if (ticketName(record) !== name) {
    throw damaged(orderId, name, 'its name does not match its content');
  }
  return record;
}

/** The voids of an order, each by the file name of its ticket. */
async function readVoids(databaseDir: string, orderId: string, names: readonly string[]) {
  const voids = new Map<string, VoidRecord>();
  for (const name of names.filter((one) => one.endsWith(VOID_ENDING))) {
    const record = await readRecord(databaseDir, fileOf(orderId, name), records.void);
    const ofTicket = name.slice(0, -VOID_ENDING.length) + RECORD_ENDING;
    if (record === undefined) throw damaged(orderId, name, 'it disappeared while it was read');
    if (record.orderID !== orderId) throw recordOfAnotherOrder(fileOf(orderId, name), orderId, record.orderID);
    if (!ofTicket.endsWith(`-${record.ticketID}${RECORD_ENDING}`)) {
      throw damaged(orderId, name, 'its name does not match its content');
    }
    voids.set(ofTicket, record);
  }
  return voids;
}

function fileOf(orderId: string, name: string): string {
  return join('tickets', orderId, name);
}

/** @param name empty for the folder of the order */
function damaged(orderId: string, name: string, reason: string, cause?: unknown): DatabaseDamagedError {
  return new DatabaseDamagedError(fileOf(orderId, name), reason, cause);
}

function oldestFirst({ record: a }: StoredTicket, { record: b }: StoredTicket): number {
  if (a.createdAt !== b.createdAt) return a.createdAt < b.createdAt ? -1 : 1;
  return a.ticketID < b.ticketID ? -1 : 1;
}

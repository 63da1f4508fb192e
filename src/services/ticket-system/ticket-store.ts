import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../../contracts/errors.ts';
import { type CreationSteps, createFileOnce, TEMPORARY_PREFIX } from '../storage/create-file-once.ts';
import { createFolder } from '../storage/folders.ts';
import { DatabaseDamagedError } from './database-damaged-error.ts';
import { databaseFiles, RECORD_ENDING, VOID_ENDING } from './database-files.ts';
import type { DurableFolders } from './durable-folders.ts';
import { readRecord } from './read-record.ts';
import { records, type TicketRecord, type VoidRecord } from './records.ts';

export interface StoredTicket {
  readonly record: TicketRecord;
  /** Present when the ticket was taken out of circulation. */
  readonly voided?: VoidRecord;
}

/** The tickets on disk: a folder for each order, a file for each ticket and for each void, none ever overwritten. */
export interface TicketStore {
  /**
   * All tickets of an order, oldest first, found in its folder alone.
   * @throws DatabaseDamagedError when there is anything in the folder that is no whole ticket or void of this order
   */
  read(orderId: string): Promise<readonly StoredTicket[]>;
  addTicket(record: TicketRecord, steps: CreationSteps): Promise<void>;
  addVoid(ticket: TicketRecord, record: VoidRecord, steps: CreationSteps): Promise<void>;
}

/** What is done for one order is to be done under its lock. */
export async function openTicketStore(databaseDir: string, durable: DurableFolders): Promise<TicketStore> {
  const root = databaseFiles.tickets(databaseDir);
  await createFolder(root);

  async function add(orderId: string, name: string, record: object, steps: CreationSteps): Promise<void> {
    const folder = join(root, orderId);
    await createFolder(folder);
    durable.unresolved(folder);
    const creation = await createFileOnce(join(folder, name), `${JSON.stringify(record, null, 2)}\n`, steps);
    if (creation === 'exists') throw new Error(`${name} is there already: the id of a ticket was given twice`);
  }

  return {
    async read(orderId) {
      const names = await namesIn(join(root, orderId));
      if (names.length === 0) return [];
      await durable.ensure(join(root, orderId));
      const voids = await readVoids(databaseDir, orderId, names);
      const tickets: StoredTicket[] = [];
      for (const name of names.filter((one) => !one.endsWith(VOID_ENDING))) {
        const record = await readTicket(databaseDir, orderId, name);
        const voided = voids.get(name);
        voids.delete(name);
        tickets.push(voided === undefined ? { record } : { record, voided });
      }
      for (const name of voids.keys()) throw damaged(orderId, name, 'it is missing, but its void is there');
      return tickets.sort(oldestFirst);
    },
    addTicket: (record, steps) => add(record.orderID, ticketName(record), record, steps),
    addVoid: (ticket, record, steps) => add(ticket.orderID, voidName(ticketName(ticket)), record, steps),
  };
}

function ticketName({ reservationID, ticketID }: TicketRecord): string {
  return `${reservationID}-${ticketID}${RECORD_ENDING}`;
}

function voidName(ofTicket: string): string {
  return ofTicket.slice(0, -RECORD_ENDING.length) + VOID_ENDING;
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    const names = await readdir(folder);
    return names.filter((name) => !name.startsWith(TEMPORARY_PREFIX));
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}

async function readTicket(databaseDir: string, orderId: string, name: string): Promise<TicketRecord> {
  if (!name.endsWith(RECORD_ENDING)) throw damaged(orderId, name, 'it is not a ticket');
  const record = await readRecord(databaseDir, fileOf(orderId, name), records.ticket);
  if (record === undefined) throw damaged(orderId, name, 'it vanished while it was read');
  if (record.orderID !== orderId || ticketName(record) !== name) {
    throw damaged(orderId, name, 'its name and its content do not agree');
  }
  return record;
}

/** The voids of an order by the name of the ticket that each is about. */
async function readVoids(databaseDir: string, orderId: string, names: readonly string[]) {
  const voids = new Map<string, VoidRecord>();
  for (const name of names.filter((one) => one.endsWith(VOID_ENDING))) {
    const record = await readRecord(databaseDir, fileOf(orderId, name), records.void);
    const ofTicket = name.slice(0, -VOID_ENDING.length) + RECORD_ENDING;
    if (record === undefined || record.orderID !== orderId || !ofTicket.endsWith(`-${record.ticketID}.json`)) {
      throw damaged(orderId, name, 'its name and its content do not agree');
    }
    voids.set(ofTicket, record);
  }
  return voids;
}

function fileOf(orderId: string, name: string): string {
  return join('tickets', orderId, name);
}

function damaged(orderId: string, name: string, reason: string): DatabaseDamagedError {
  return new DatabaseDamagedError(fileOf(orderId, name), reason);
}

function oldestFirst({ record: a }: StoredTicket, { record: b }: StoredTicket): number {
  if (a.createdAt !== b.createdAt) return a.createdAt < b.createdAt ? -1 : 1;
  return a.ticketID < b.ticketID ? -1 : 1;
}

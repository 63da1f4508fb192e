import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { containsCardNumber } from '../../contracts/card-numbers.ts';
import { errorCode } from '../../contracts/errors.ts';
import { OddFileError, refuseOddFolder } from '../../platform/files/open-regular-file.ts';
import { TEMPORARY_PREFIX } from '../storage/create-file-once.ts';
import { readText } from '../storage/disk.ts';
import { RECORD_ENDING, VOID_ENDING } from './database-files.ts';
import { inSteps } from './in-steps.ts';
import { type ReservationRecord, records, type TicketRecord, type VoidRecord } from './records.ts';

export interface AuditedTicket {
  readonly orderId: string;
  readonly ticketId: string;
  readonly createdAt: string;
  readonly voided: boolean;
  /** Path within the database folder. */
  readonly file: string;
}

export interface TicketsAudit {
  readonly tickets: readonly AuditedTicket[];
  readonly problems: readonly string[];
}

/**
 * Reads every ticket, void and reservation. A file that cannot be read is a problem, and does not count as a ticket.
 */
export async function auditTickets(databaseDir: string, signal?: AbortSignal): Promise<TicketsAudit> {
  const tickets: AuditedTicket[] = [];
  const ticketIds = createRepetitions();
  const { reservationIds, problems } = await auditReservations(databaseDir, signal);
  for await (const orderId of inSteps(await namesIn(databaseDir, 'tickets', problems), signal)) {
    const reservationId = reservationIds.get(orderId);
    const order = await auditOrder(databaseDir, orderId, reservationId);
    problems.push(...order.problems);
    for (const ticket of order.tickets) {
      tickets.push(ticket);
      ticketIds.add(ticket.ticketId);
    }
  }
  for (const ticketId of ticketIds.repeated) problems.push(`ticket ${ticketId}: more than one file has this id`);
  return { tickets, problems };
}

/** Reads every ticket and void of one order. */
export async function auditTicketsOf(databaseDir: string, orderId: string): Promise<TicketsAudit> {
  const problems: string[] = [];
  const file = join('reservations', orderId + RECORD_ENDING);
  const reservation = await read<ReservationRecord>(databaseDir, file, records.reservation, problems);
  const order = await auditOrder(databaseDir, orderId, reservation?.reservationID);
  // An order without tickets need not have a reservation.
  return order.tickets.length === 0 ? order : { ...order, problems: [...problems, ...order.problems] };
}

async function auditReservations(databaseDir: string, signal: AbortSignal | undefined) {
  const reservationIds = new Map<string, string>();
  const problems: string[] = [];
  for await (const name of inSteps(await namesIn(databaseDir, 'reservations', problems), signal)) {
    const file = join('reservations', name);
    const record = await read<ReservationRecord>(databaseDir, file, records.reservation, problems);
    if (record === undefined) continue;
    if (name !== record.orderID + RECORD_ENDING) problems.push(`${file}: it is about ${record.orderID}`);
    else reservationIds.set(record.orderID, record.reservationID);
  }
  return { reservationIds, problems };
}

async function auditOrder(
  databaseDir: string,
  orderId: string,
  reservationId: string | undefined,
): Promise<TicketsAudit> {
  const tickets: AuditedTicket[] = [];
  const problems: string[] = [];
  const folder = join('tickets', orderId);
  const names = await namesIn(databaseDir, folder, problems);
  const voids = await auditVoids(databaseDir, orderId, names, problems);
  for (const name of names.filter((one) => !one.endsWith(VOID_ENDING))) {
    const file = join(folder, name);
    const record = await read<TicketRecord>(databaseDir, file, records.ticket, problems);
    if (record === undefined) continue;
    const { orderID, ticketID: ticketId, reservationID, createdAt } = record;
    if (orderID !== orderId || name !== `${reservationID}-${ticketId}${RECORD_ENDING}`) {
      problems.push(`${file}: its name does not match its content`);
    } else if (reservationID !== reservationId) {
      problems.push(`${file}: its reservation is not the stored reservation of ${orderId}`);
    }
    tickets.push({ orderId, ticketId, createdAt, voided: voids.has(name), file });
    voids.delete(name);
  }
  for (const name of voids) problems.push(`${join(folder, name)}: it is missing or damaged, but its void exists`);
  return { tickets, problems };
}

/** The file names of the tickets of an order that have a complete void. */
async function auditVoids(
  databaseDir: string,
  orderId: string,
  names: readonly string[],
  problems: string[],
): Promise<Set<string>> {
  const voids = new Set<string>();
  for (const name of names.filter((one) => one.endsWith(VOID_ENDING))) {
    const file = join('tickets', orderId, name);
    const record = await read<VoidRecord>(databaseDir, file, records.void, problems);
    if (record === undefined) continue;
    const ofTicket = name.slice(0, -VOID_ENDING.length) + RECORD_ENDING;
    if (record.orderID !== orderId || !ofTicket.endsWith(`-${record.ticketID}${RECORD_ENDING}`)) {
      problems.push(`${file}: its name does not match its content`);
    }
    voids.add(ofTicket);
  }
  return voids;
}

/** Reads a record. Anything but a complete record of the expected kind is added to the problems. */
async function read<Record>(
  databaseDir: string,
  file: string,
  expected: { Check(value: unknown): value is Record },
  problems: string[],
): Promise<Record | undefined> {
  try {
    const record: unknown = JSON.parse(await readText(join(databaseDir, file)));
    if (containsCardNumber(JSON.stringify(record))) problems.push(`${file}: it contains a card number`);
    if (expected.Check(record)) return record;
    problems.push(`${file}: a field is missing or of the wrong type`);
  } catch (error) {
    const reason = error instanceof OddFileError ? `it is ${error.found}` : (errorCode(error) ?? 'it is not JSON');
    problems.push(`${file}: it cannot be read (${reason})`);
  }
  return undefined;
}

/**
 * The names in a folder of the database, without temporary files; none if it is missing, which is a problem of the
 * database as a whole.
 */
async function namesIn(databaseDir: string, folder: string, problems: string[]): Promise<string[]> {
  try {
    refuseOddFolder(join(databaseDir, folder));
    const names = await readdir(join(databaseDir, folder));
    return names.filter((name) => !name.startsWith(TEMPORARY_PREFIX)).sort();
  } catch (error) {
    if (error instanceof OddFileError) problems.push(`${folder}: it is not a folder but ${error.found}`);
    else if (errorCode(error) !== 'ENOENT') throw error;
    return [];
  }
}

/** Remembers values, and which of them were added more than once. */
export function createRepetitions() {
  const seen = new Set<string>();
  const repeated = new Set<string>();
  return {
    repeated,
    add(value: string): void {
      if (seen.has(value)) repeated.add(value);
      else seen.add(value);
    },
  };
}

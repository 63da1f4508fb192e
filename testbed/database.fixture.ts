import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Audit, auditDatabase } from '../src/services/ticket-system/audit.ts';
import type { EndingCode } from '../src/starter/ending.ts';
import type { EndedOrder } from './play-orders.ts';

const CREATED_AT = '2026-01-01T00:00:00.000Z';

/** Ticket ids by order: `TICKET-1`, or `TICKET-1 voided`. */
export type Tickets = Readonly<Record<string, readonly string[]>>;

/** The files of a ticket system that holds these tickets, without a ledger. */
export async function databaseWith(tickets: Tickets) {
  const databaseDir = await mkdtemp(path.join(tmpdir(), 'demo-database-'));
  const write = async (file: string, record: object) => {
    const full = path.join(databaseDir, file);
    await mkdir(path.dirname(full), { recursive: true });
    await writeFile(full, JSON.stringify(record));
  };
  for (const [orderID, written] of Object.entries(tickets)) {
    const reservationID = reservationOf(orderID);
    await write(`reservations/${orderID}.json`, { orderID, reservationID, guarantee: 'none' });
    for (const [ticketID = '', voided] of written.map((each) => each.split(' '))) {
      const file = `tickets/${orderID}/${reservationID}-${ticketID}`;
      const ids = { orderID, ticketID, requestID: `create-${ticketID}` };
      const paymentInfo = 'VISA-****-****-****-2526';
      await write(`${file}.json`, { ...ids, reservationID, paymentInfo, createdAt: CREATED_AT });
      if (voided) await write(`${file}.void.json`, { ...ids, keep: null, voidedAt: CREATED_AT });
    }
  }
  return {
    databaseDir,
    audit: (): Promise<Audit> => auditDatabase(databaseDir),
    remove: () => rm(databaseDir, { recursive: true, force: true }),
  };
}

/** An order that has completed with this ticket. */
export function promised(orderId: string, ticketId: string): EndedOrder {
  const reservationId = reservationOf(orderId);
  const result = { orderId, reservationId, ticketId, createAttempts: 1, voidedTicketIds: [] };
  return { orderId, ending: { kind: 'result', result }, progress: undefined };
}

/** An order that has ended without a ticket. */
export function ticketless(orderId: string, error: string, code: EndingCode = 'FAILED'): EndedOrder {
  return { orderId, ending: { kind: 'no result', error, code }, progress: undefined };
}

function reservationOf(orderId: string): string {
  return `R-${orderId}`;
}

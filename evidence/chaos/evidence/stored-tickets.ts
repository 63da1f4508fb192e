import path from 'node:path';
import { type LedgerRecord, type ReservationRecord, records } from '../../../src/services/ticket-system/records.ts';
import type { StoredFile } from './evidence.ts';

export interface StoredTicket {
  readonly orderId: string;
  readonly ticketId: string;
  readonly reservationId: string;
  readonly createdAtMs: number;
  /** Undefined: it is live. */
  readonly voidedAtMs: number | undefined;
}

/** What the files of a database say, and where they are not what they should be. */
export interface StoredTickets {
  readonly tickets: readonly StoredTicket[];
  readonly reservations: readonly ReservationRecord[];
  readonly ledger: readonly LedgerRecord[];
  /** A sentence each. */
  readonly damages: readonly string[];
}

const TICKET = /^tickets\/([^/]+)\/([^/]+?)(\.void)?\.json$/;
const RESERVATION = /^reservations\/([^/]+)\.json$/;

/** Reads the files of a ticket system's database; files whose name begins with a dot were never there. */
export function readStoredTickets(files: readonly StoredFile[]): StoredTickets {
  const tickets = new Map<string, StoredTicket>();
  const voids = new Map<string, number>();
  const reservations: ReservationRecord[] = [];
  const ledger: LedgerRecord[] = [];
  const damages: string[] = [];
  for (const file of files.filter((each) => !path.basename(each.path).startsWith('.'))) {
    const isOf = TICKET.exec(file.path);
    if (isOf !== null) readTicket(file, isOf[3] !== undefined);
    else if (RESERVATION.test(file.path)) readReservation(file);
    else if (file.path === 'ledger.jsonl') readLedger(file);
    else damages.push(`${file.path}: nothing of this name belongs here`);
  }
  for (const name of voids.keys())
    if (!tickets.has(name)) damages.push(`${name}: its void is there, the ticket is not`);

  return {
    tickets: [...tickets].map(([name, ticket]) => ({ ...ticket, voidedAtMs: voids.get(name) })),
    reservations,
    ledger,
    damages,
  };

  function readTicket({ path: file, text }: StoredFile, isVoid: boolean): void {
    const name = file.replace(/(\.void)?\.json$/, '');
    const value = parsed(text);
    if (isVoid ? !records.void.Check(value) : !records.ticket.Check(value)) {
      damages.push(`${file}: it is not whole: ${text.slice(0, 200)}`);
    } else if (isVoid && records.void.Check(value)) {
      if (!name.endsWith(`-${value.ticketID}`)) damages.push(`${file}: its name and its content do not agree`);
      voids.set(name, Date.parse(value.voidedAt));
    } else if (records.ticket.Check(value)) {
      const { orderID: orderId, ticketID: ticketId, reservationID: reservationId, createdAt } = value;
      if (name !== `tickets/${orderId}/${reservationId}-${ticketId}`) {
        damages.push(`${file}: its name and its content do not agree`);
      }
      tickets.set(name, {
        orderId,
        ticketId,
        reservationId,
        createdAtMs: Date.parse(createdAt),
        voidedAtMs: undefined,
      });
    }
  }

  function readReservation({ path: file, text }: StoredFile): void {
    const value = parsed(text);
    if (records.reservation.Check(value) && file === `reservations/${value.orderID}.json`) reservations.push(value);
    else damages.push(`${file}: it is not whole: ${text.slice(0, 200)}`);
  }

  function readLedger({ path: file, text }: StoredFile): void {
    const lines = text.split('\n');
    if (lines.pop() !== '') damages.push(`${file}: its last line is torn`);
    for (const [index, line] of lines.entries()) {
      const value = parsed(line);
      if (records.ledger.Check(value)) ledger.push(value);
      else damages.push(`${file}, line ${index + 1}: it is not whole: ${line.slice(0, 200)}`);
    }
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

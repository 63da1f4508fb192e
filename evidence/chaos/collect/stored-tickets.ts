import path from 'node:path';
import { type LedgerRecord, type ReservationRecord, records } from '../../../src/services/ticket-system/records.ts';
import type { StoredFile } from './round-evidence.ts';

export interface StoredTicket {
  readonly orderId: string;
  readonly ticketId: string;
  readonly reservationId: string;
  readonly createdAtMs: number;
  /** Undefined while the ticket is live. */
  readonly voidedAtMs: number | undefined;
}

/** The records in a database's files, and what is wrong with the files. */
export interface StoredTickets {
  readonly tickets: readonly StoredTicket[];
  readonly reservations: readonly ReservationRecord[];
  readonly ledger: readonly LedgerRecord[];
  /** One sentence each. */
  readonly damages: readonly string[];
}

const TICKET = /^tickets\/([^/]+)\/([^/]+?)(\.void)?\.json$/;
const RESERVATION = /^reservations\/([^/]+)\.json$/;
const NAME_MISMATCH = 'its name does not match its content';

/** Reads the files of a ticket system's database. Temporary files, whose names begin with a dot, are ignored. */
export function readStoredTickets(files: readonly StoredFile[]): StoredTickets {
  const tickets = new Map<string, StoredTicket>();
  const voids = new Map<string, number>();
  const reservations: ReservationRecord[] = [];
  const ledger: LedgerRecord[] = [];
  const damages: string[] = [];
  for (const file of files.filter((each) => !path.basename(each.path).startsWith('.'))) {
    const ticketName = TICKET.exec(file.path);
    if (ticketName !== null) readTicket(file, ticketName[3] !== undefined);
    else if (RESERVATION.test(file.path)) readReservation(file);
    else if (file.path === 'ledger.jsonl') readLedger(file);
    else damages.push(`${file.path}: no file of this name belongs here`);
  }
  for (const name of voids.keys()) {
    if (!tickets.has(name)) damages.push(`${name}: there is a void file but no ticket file`);
  }

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
      damages.push(incomplete(file, text));
    } else if (isVoid && records.void.Check(value)) {
      if (!name.endsWith(`-${value.ticketID}`)) damages.push(`${file}: ${NAME_MISMATCH}`);
      voids.set(name, Date.parse(value.voidedAt));
    } else if (records.ticket.Check(value)) {
      const { orderID: orderId, ticketID: ticketId, reservationID: reservationId, createdAt } = value;
      if (name !== `tickets/${orderId}/${reservationId}-${ticketId}`) damages.push(`${file}: ${NAME_MISMATCH}`);
      const createdAtMs = Date.parse(createdAt);
      tickets.set(name, { orderId, ticketId, reservationId, createdAtMs, voidedAtMs: undefined });
    }
  }

  function readReservation({ path: file, text }: StoredFile): void {
    const value = parsed(text);
    if (!records.reservation.Check(value)) damages.push(incomplete(file, text));
    else if (file !== `reservations/${value.orderID}.json`) damages.push(`${file}: ${NAME_MISMATCH}`);
    else reservations.push(value);
  }

  function readLedger({ path: file, text }: StoredFile): void {
    const lines = text.split('\n');
    // Behind the last newline is nothing, or a line that its writer did not finish.
    if (lines.at(-1) === '') lines.pop();
    for (const [index, line] of lines.entries()) {
      const value = parsed(line);
      if (records.ledger.Check(value)) ledger.push(value);
      else damages.push(incomplete(`${file}, line ${index + 1}`, line));
    }
  }
}

function incomplete(place: string, text: string): string {
  return `${place}: incomplete or malformed: ${text.slice(0, 200)}`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

import type { TicketListResponse, TicketResponse } from '../../contracts/ticket-system.ts';
import type { DecidedTicket } from './commit-decision.ts';
import { type TicketRecord, timeOf } from './records.ts';
import type { StoredTicket } from './ticket-store.ts';

/** A ticket as it is answered. */
export function ticketResponse(record: TicketRecord, voided: boolean): TicketResponse {
  return {
    orderId: record.orderID,
    reservationId: record.reservationID,
    ticketId: record.ticketID,
    paymentInfo: record.paymentInfo,
    createdAt: record.createdAt,
    voided,
  };
}

/** The tickets of an order as they are now. */
export function ticketListResponse(stored: readonly StoredTicket[], asOfMs: number): TicketListResponse {
  const tickets = stored.map(({ record, voided }) => ticketResponse(record, voided !== undefined));
  return { tickets, asOf: timeOf(asOfMs) };
}

/**
 * The tickets of an order as they were: before the last thing that happened to it, and at least `agoMs` ago.
 * It is a true state with its true time, only an old one.
 */
export function olderTicketListResponse(
  stored: readonly StoredTicket[],
  nowMs: number,
  agoMs: number,
): TicketListResponse {
  const newestMs = newestRecordMs(stored);
  const asOfMs = Math.min(nowMs - agoMs, newestMs === 0 ? nowMs : newestMs - 1);
  const asOf = timeOf(asOfMs);
  const then = stored.filter(({ record }) => record.createdAt <= asOf);
  const tickets = then.map(({ record, voided }) => {
    return ticketResponse(record, voided !== undefined && voided.voidedAt <= asOf);
  });
  return { tickets, asOf };
}

/** When the last thing happened to an order; 0 when nothing has. */
export function newestRecordMs(stored: readonly StoredTicket[]): number {
  const times = stored.flatMap(({ record, voided }) => [record.createdAt, ...(voided ? [voided.voidedAt] : [])]);
  return Math.max(0, ...times.map((time) => Date.parse(time)));
}

/** The tickets as a decision about a void sees them. */
export function decidedTickets(stored: readonly StoredTicket[]): readonly DecidedTicket[] {
  return stored.map(({ record, voided }) => ({ ticketId: record.ticketID, voided: voided !== undefined }));
}

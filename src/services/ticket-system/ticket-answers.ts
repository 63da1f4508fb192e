import type { Ticket } from 'exactly-one';
import type { TicketAnswer, TicketListAnswer } from '../../contracts/ticket-system.ts';
import { type TicketRecord, timeOf } from './records.ts';
import type { StoredTicket } from './ticket-store.ts';

/** A ticket as it is answered. */
export function ticketAnswer(record: TicketRecord, voided: boolean): TicketAnswer {
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
export function ticketListAnswer(stored: readonly StoredTicket[], asOfMs: number): TicketListAnswer {
  const tickets = stored.map(({ record, voided }) => ticketAnswer(record, voided !== undefined));
  return { tickets, asOf: timeOf(asOfMs) };
}

/**
 * The tickets of an order as they were: before the last thing that happened to it, and at least `agoMs` ago.
 * It is a true state with its true time, only an old one.
 */
export function olderTicketListAnswer(stored: readonly StoredTicket[], nowMs: number, agoMs: number): TicketListAnswer {
  const newestMs = newestRecordMs(stored);
  const asOfMs = Math.min(nowMs - agoMs, newestMs === 0 ? nowMs : newestMs - 1);
  const asOf = timeOf(asOfMs);
  const then = stored.filter(({ record }) => record.createdAt <= asOf);
  const tickets = then.map(({ record, voided }) => {
    return ticketAnswer(record, voided !== undefined && voided.voidedAt <= asOf);
  });
  return { tickets, asOf };
}

/** When the last thing happened to an order; 0 when nothing has. */
export function newestRecordMs(stored: readonly StoredTicket[]): number {
  const times = stored.flatMap(({ record, voided }) => [record.createdAt, ...(voided ? [voided.voidedAt] : [])]);
  return Math.max(0, ...times.map((time) => Date.parse(time)));
}

/** The tickets as the protocol decides about them. */
export function protocolTickets(stored: readonly StoredTicket[]): readonly Ticket[] {
  return stored.map(({ record, voided }) => ({
    ticketId: record.ticketID,
    createdAtMs: Date.parse(record.createdAt),
    voided: voided !== undefined,
  }));
}

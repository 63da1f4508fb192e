import type { TicketListResponse, TicketResponse } from '../../contracts/ticket-system.ts';
import { type TicketRecord, timeOf } from './records.ts';
import type { StoredTicket } from './ticket-store.ts';

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

/** The time of the last ticket or void of an order; 0 if there is none. */
export function newestRecordMs(stored: readonly StoredTicket[]): number {
  const times = stored.flatMap(({ record, voided }) => [record.createdAt, ...(voided ? [voided.voidedAt] : [])]);
  return Math.max(0, ...times.map((time) => Date.parse(time)));
}

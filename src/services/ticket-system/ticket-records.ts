import { canonicalForm } from '../../resilience/canonical-form.ts';
import type { CreateSituation } from './commit-decision.ts';
import { type ReservationRecord, type TicketRecord, timeOf } from './records.ts';
import type { StoredTicket } from './ticket-store.ts';

/** The record of a new ticket. A key is kept only where it is promised to be obeyed. */
export function ticketRecord(
  request: { reservation: ReservationRecord; paymentInfo: string; requestId: string; idempotencyKey?: string },
  ticketId: string,
  nowMs: number,
): TicketRecord {
  const { reservation, paymentInfo, requestId, idempotencyKey } = request;
  const keepsKey = reservation.guarantee === 'idempotency-key' && idempotencyKey !== undefined;
  return {
    orderID: reservation.orderID,
    ticketID: ticketId,
    paymentInfo,
    reservationID: reservation.reservationID,
    createdAt: timeOf(nowMs),
    requestID: requestId,
    ...(keepsKey ? { idempotencyKey } : {}),
  };
}

/** What makes two creates the same. */
export function fingerprintOf({ reservationID, paymentInfo }: { reservationID: string; paymentInfo: string }): string {
  return canonicalForm({ reservationID, paymentInfo });
}

/** The commits of an order that had a key; the ticket files are the only record of a key. */
export function committedWithKey(stored: readonly StoredTicket[]): CreateSituation['committed'] {
  return stored.flatMap(({ record }) => {
    if (record.idempotencyKey === undefined) return [];
    return [{ idempotencyKey: record.idempotencyKey, fingerprint: fingerprintOf(record), ticketId: record.ticketID }];
  });
}

/** @throws Error when the protocol decided about a ticket that is not among those that it was given */
export function findTicket(stored: readonly StoredTicket[], ticketId: string): StoredTicket {
  const found = stored.find(({ record }) => record.ticketID === ticketId);
  if (found === undefined) throw new Error(`${ticketId} is not among the tickets of its order`);
  return found;
}

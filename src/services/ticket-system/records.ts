import { GUARANTEES } from 'exactly-one';
import { type Static, Type } from 'typebox';
import { Compile } from 'typebox/compile';

/** RFC 3339 in UTC with milliseconds: sortable as text. */
const Time = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$' });
const Id = Type.String({ minLength: 1 });

/** `reservations/<orderId>.json` */
const ReservationRecord = Type.Object({
  orderID: Id,
  reservationID: Id,
  guarantee: Type.Enum([...GUARANTEES]),
});

/** `tickets/<orderId>/<reservationId>-<ticketId>.json`; `paymentInfo` is masked. */
const TicketRecord = Type.Object({
  orderID: Id,
  ticketID: Id,
  paymentInfo: Type.String(),
  reservationID: Id,
  createdAt: Time,
  requestID: Id,
  idempotencyKey: Type.Optional(Id),
});

/** `tickets/<orderId>/<reservationId>-<ticketId>.void.json` */
const VoidRecord = Type.Object({
  orderID: Id,
  ticketID: Id,
  /** The ticket that stays; null if the order was cancelled. */
  keep: Type.Union([Id, Type.Null()]),
  voidedAt: Time,
  requestID: Id,
});

/** A line of `ledger.jsonl`. */
const LedgerRecord = Type.Union([
  Type.Object({ kind: Type.Literal('received'), at: Time, orderID: Id, requestID: Id }),
  Type.Object({ kind: Type.Literal('committed'), at: Time, orderID: Id, requestID: Id, ticketID: Id }),
  Type.Object({ kind: Type.Literal('voided'), at: Time, orderID: Id, requestID: Id, ticketID: Id }),
]);

export type ReservationRecord = Static<typeof ReservationRecord>;
export type TicketRecord = Static<typeof TicketRecord>;
export type VoidRecord = Static<typeof VoidRecord>;
export type LedgerRecord = Static<typeof LedgerRecord>;

/** Validators of the records: whatever is read from disk is checked before it is used. */
export const records = {
  reservation: Compile(ReservationRecord),
  ticket: Compile(TicketRecord),
  void: Compile(VoidRecord),
  ledger: Compile(LedgerRecord),
} as const;

/** A time as records and responses contain it. */
export function timeOf(epochMs: number): string {
  return new Date(epochMs).toISOString();
}

import { GUARANTEES } from 'exactly-one';
import { type Static, Type } from 'typebox';
import { CARD_NUMBER_PATTERN } from './card-numbers.ts';
import { ORDER_ID_PATTERN } from './ids.ts';

export const OrderId = Type.String({ pattern: ORDER_ID_PATTERN });

/** RFC 3339 with milliseconds, UTC. */
const Timestamp = Type.String({ format: 'date-time', examples: ['2026-01-31T12:00:00.000Z'] });

export const TokenResponse = Type.Object({ token: Type.String({ minLength: 1 }), expiresAt: Timestamp });

export const ReservationResponse = Type.Object({
  orderId: OrderId,
  reservationId: Type.String({ minLength: 1 }),
  guarantee: Type.Enum([...GUARANTEES]),
});

export const PaymentMethodResponse = Type.Object({ paymentInfo: Type.String({ pattern: CARD_NUMBER_PATTERN }) });

/** A ticket; its `paymentInfo` is masked: `VISA-****-****-****-2526`. */
export const TicketResponse = Type.Object({
  orderId: OrderId,
  reservationId: Type.String({ minLength: 1 }),
  ticketId: Type.String({ minLength: 1 }),
  paymentInfo: Type.String(),
  createdAt: Timestamp,
  voided: Type.Boolean(),
});

/** The response to a create that the ticket system has accepted and finishes later: by `readyAt`, or never. */
export const AcceptedResponse = Type.Object({
  operationId: Type.String({ minLength: 1 }),
  readyAt: Timestamp,
});

export const TicketListResponse = Type.Object({
  tickets: Type.Array(TicketResponse),
  asOf: Timestamp,
});

export const CreateTicketBody = Type.Object(
  {
    reservationId: Type.String({ minLength: 1, maxLength: 64 }),
    paymentInfo: Type.String({ pattern: CARD_NUMBER_PATTERN }),
  },
  { additionalProperties: false },
);

export const VoidTicketBody = Type.Object(
  { keep: Type.Union([Type.String({ minLength: 1, maxLength: 64 }), Type.Null()]) },
  { additionalProperties: false },
);

/** The error codes with which the ticket system says that it made no ticket and that trying again is useless. */
export const REJECTING_CODES: readonly string[] = [
  'INVALID_REQUEST',
  'FORBIDDEN',
  'RESERVATION_UNKNOWN',
  'PAYMENT_DECLINED',
];

/** Counts taken from the ticket files and the ledger alone. */
export const AuditResponse = Type.Object({
  orders: Type.Integer({ description: 'orders with a create received or a ticket on disk' }),
  exactlyOne: Type.Integer({ description: 'orders with exactly one live ticket' }),
  duplicates: Type.Integer({ description: 'orders with more than one live ticket' }),
  missing: Type.Integer({ description: 'orders with no live ticket' }),
  voided: Type.Integer({ description: 'voided tickets' }),
  sends: Type.Integer({ description: 'creates received' }),
  commits: Type.Integer({ description: 'tickets made' }),
  inFlight: Type.Integer({ description: 'requests accepted and not yet finished' }),
});

/** The tickets of one order, taken from its files alone. */
export const OrderAuditResponse = Type.Object({
  orderId: OrderId,
  live: Type.Array(Type.String({ minLength: 1 }), { description: 'ids of live tickets' }),
  voided: Type.Array(Type.String({ minLength: 1 }), { description: 'ids of voided tickets' }),
  problems: Type.Array(Type.String(), { description: 'what is wrong in its files' }),
});

export type TokenResponse = Static<typeof TokenResponse>;
export type ReservationResponse = Static<typeof ReservationResponse>;
export type PaymentMethodResponse = Static<typeof PaymentMethodResponse>;
export type TicketResponse = Static<typeof TicketResponse>;
export type AcceptedResponse = Static<typeof AcceptedResponse>;
export type TicketListResponse = Static<typeof TicketListResponse>;
export type CreateTicketBody = Static<typeof CreateTicketBody>;
export type VoidTicketBody = Static<typeof VoidTicketBody>;
export type AuditResponse = Static<typeof AuditResponse>;
export type OrderAuditResponse = Static<typeof OrderAuditResponse>;

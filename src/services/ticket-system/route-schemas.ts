import { Type } from 'typebox';
import { OrderId } from '../../contracts/ticket-system.ts';
import { RESERVATION_ID_PATTERN, TICKET_ID_PATTERN } from './ids.ts';

const strict = { additionalProperties: false };

export const OrderParams = Type.Object({ orderId: OrderId }, strict);
export const TicketParams = Type.Object(
  { orderId: OrderId, ticketId: Type.String({ pattern: TICKET_ID_PATTERN }) },
  strict,
);
export const ReservationParams = Type.Object(
  { reservationId: Type.String({ pattern: RESERVATION_ID_PATTERN, examples: ['108345-ASDFQWERTY'] }) },
  strict,
);
export const VaultQuery = Type.Object({ source: Type.Optional(Type.Enum(['primary', 'backup'])) }, strict);

/** Of the OpenAPI document: a bearer token is wanted. */
export const withToken = [{ token: [] }];

import { Type } from 'typebox';
import { requestHeaders } from '../../contracts/http.ts';
import { OrderId } from '../../contracts/ticket-system.ts';
import { RESERVATION_ID_PATTERN, TICKET_ID_PATTERN } from './generated-values.ts';

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

const requestDeadline = Type.String({
  pattern: '^[0-9]{1,15}$',
  description: 'epoch milliseconds; nothing is committed after it',
});
const requestId = Type.String({ pattern: '^[!-~]{1,200}$', description: 'identifies this request, and no other' });

export const VoidHeaders = Type.Object({
  [requestHeaders.requestDeadline]: Type.Optional(requestDeadline),
  [requestHeaders.requestId]: Type.Optional(requestId),
});
export const CreateHeaders = Type.Object({
  [requestHeaders.requestDeadline]: Type.Optional(requestDeadline),
  [requestHeaders.idempotencyKey]: Type.Optional(Type.String({ pattern: '^[!-~]{1,200}$' })),
  [requestHeaders.requestId]: Type.Optional(requestId),
});

/** The deadline of a request, in epoch milliseconds. */
export function deadlineOf(headers: { readonly [requestHeaders.requestDeadline]?: string }): number | undefined {
  const value = headers[requestHeaders.requestDeadline];
  return value === undefined ? undefined : Number(value);
}

/** For the OpenAPI document: a bearer token is required. */
export const withToken = [{ token: [] }];

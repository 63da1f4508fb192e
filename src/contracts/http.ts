import { Type } from 'typebox';

/** Request headers that the services read; in lower case, as Node provides them. */
export const requestHeaders = {
  idempotencyKey: 'idempotency-key',
  requestDeadline: 'request-deadline',
  requestId: 'request-id',
  /** On a refund: the idempotency key of the withdrawal that it reverses. */
  reverses: 'reverses',
} as const;

/** Body of every response with a status of 400 or above. */
export const ErrorResponse = Type.Object({
  error: Type.String(),
  code: Type.String({ pattern: '^[A-Z][A-Z0-9_]{0,63}$' }),
});

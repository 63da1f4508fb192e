import { Type } from 'typebox';

/** Request headers that our services know; lower case, as Node gives them. */
export const headers = {
  idempotencyKey: 'idempotency-key',
  requestDeadline: 'request-deadline',
  requestId: 'request-id',
  /** Of a deposit that gives money back: the idempotency key of the withdrawal that took it. */
  reverses: 'reverses',
} as const;

/** What a service answers from status 400 up. */
export const ErrorResponse = Type.Object({
  error: Type.String(),
  code: Type.String({ pattern: '^[A-Z][A-Z0-9_]{0,63}$' }),
});

import { type TSchema, Type } from 'typebox';
import { headers } from '../../contracts/http.ts';
import { withErrors } from '../http/error-responses.ts';

/** Of any form: what is no account is not found. */
export const AccountParams = Type.Object(
  { account: Type.String({ examples: ['account_A'] }) },
  { additionalProperties: false },
);

/** For the documents: what comes is read from its decimal text, and each refusal of it has a code of its own. */
export const AmountBody = Type.Unsafe<unknown>({
  description: '`amount`, required and nothing else: a number above 0 with two decimals at most',
  properties: { amount: { description: 'a JSON number' } },
  examples: [{ amount: 100 }, { amount: 99.9 }],
});

export const OperationHeaders = Type.Object({
  [headers.idempotencyKey]: Type.Optional(
    Type.String({ pattern: '^[!-~]{1,200}$', description: 'the same key gives the same answer, for ever' }),
  ),
  [headers.requestId]: Type.Optional(Type.String({ pattern: '^[!-~]{1,200}$', description: 'of this request alone' })),
});

export const DepositHeaders = Type.Object({
  ...OperationHeaders.properties,
  [headers.reverses]: Type.Optional(
    Type.String({ description: 'the idempotency key of a withdrawal from this account, whose money this gives back' }),
  ),
});

/** The answers of a route that moves money. */
export function operationResponses<Answer extends TSchema>(answer: Answer) {
  return withErrors({ 200: answer }, [400, 404, 409, 413, 415, 422, 429, 500, 503, 504, 507], {
    400: 'AMOUNT_REQUIRED, AMOUNT_NOT_POSITIVE, AMOUNT_INVALID, INSUFFICIENT_FUNDS, INVALID_REQUEST, INVALID_JSON',
    404: 'ACCOUNT_NOT_FOUND',
    409: 'IDEMPOTENCY_KEY_IN_FLIGHT',
    422: 'IDEMPOTENCY_KEY_REUSED, BALANCE_TOO_LARGE, and by an injected fault DEPOSIT_REJECTED, PAYMENT_DECLINED',
    503: 'DATABASE_UNSURE, TOO_MANY_FILES, SHUTTING_DOWN',
  });
}

/** The answers of a route that shows accounts. */
export function readResponses<Answer extends TSchema>(answer: Answer) {
  return withErrors({ 200: answer }, [400, 404, 422, 429, 500, 503, 504], {
    404: 'ACCOUNT_NOT_FOUND',
    422: 'PAYMENT_DECLINED (by an injected fault)',
    503: 'DATABASE_UNSURE, SHUTTING_DOWN',
  });
}

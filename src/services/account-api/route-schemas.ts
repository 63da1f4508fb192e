import { type TSchema, Type } from 'typebox';
import { requestHeaders } from '../../contracts/http.ts';
import { decimalOf, MAX_CENTS } from '../../contracts/money.ts';
import { withErrors } from '../http/route-schemas.ts';

/** Any text: an account that does not exist is not found, whatever its name looks like. */
export const AccountParams = Type.Object(
  { account: Type.String({ examples: ['account_A'] }) },
  { additionalProperties: false },
);

/** For the OpenAPI document only: amounts are read from their decimal text, and each refusal has its own code. */
export const AmountBody = Type.Object(
  {
    amount: Type.Number({
      exclusiveMinimum: 0,
      maximum: Number(decimalOf(MAX_CENTS)),
      multipleOf: 0.01,
      description: 'at most two decimals',
      examples: [100, 99.9],
    }),
  },
  { additionalProperties: false },
);

export const OperationHeaders = Type.Object({
  [requestHeaders.idempotencyKey]: Type.Optional(
    Type.String({ pattern: '^[!-~]{1,200}$', description: 'the same key gives the same response, forever' }),
  ),
  [requestHeaders.requestId]: Type.Optional(
    Type.String({ pattern: '^[!-~]{1,200}$', description: 'identifies this request, and no other' }),
  ),
});

export const DepositHeaders = Type.Object({
  ...OperationHeaders.properties,
  [requestHeaders.reverses]: Type.Optional(
    Type.String({
      maxLength: 200,
      description: 'on a refund: the idempotency key of the withdrawal from this account that it reverses',
    }),
  ),
});

/** The responses of a route that moves money. */
export function operationResponses<Response extends TSchema>(response: Response) {
  return withErrors({ 200: response }, [400, 404, 409, 413, 415, 422, 429, 500, 503, 504, 507], {
    400: 'AMOUNT_REQUIRED, AMOUNT_NOT_POSITIVE, AMOUNT_INVALID, INSUFFICIENT_FUNDS, INVALID_REQUEST, INVALID_JSON',
    404: 'ACCOUNT_NOT_FOUND',
    409: 'IDEMPOTENCY_KEY_IN_FLIGHT',
    422: 'IDEMPOTENCY_KEY_REUSED, BALANCE_TOO_LARGE, and by an injected fault DEPOSIT_REJECTED, PAYMENT_DECLINED',
    503: 'DATABASE_MISSING, DATABASE_UNSURE, TOO_MANY_FILES, SHUTTING_DOWN',
  });
}

/** The responses of a route that shows accounts. */
export function readResponses<Response extends TSchema>(response: Response) {
  return withErrors({ 200: response }, [400, 404, 422, 429, 500, 503, 504], {
    404: 'ACCOUNT_NOT_FOUND',
    422: 'PAYMENT_DECLINED (by an injected fault)',
    503: 'DATABASE_MISSING, DATABASE_UNSURE, SHUTTING_DOWN',
  });
}

import { type TSchema, Type } from 'typebox';
import { ErrorResponse } from '../../contracts/http.ts';

/** For a route without query parameters: it refuses every one. */
export const NoQuery = Type.Object({}, { additionalProperties: false });

const Header = (description: string) => ({ type: 'string', description });

const retryAfter = { headers: { 'Retry-After': Header('seconds to wait before the next call') } };

/** The error responses that routes document: their codes, what they mean, and the headers that come with them. */
const ERRORS = {
  400: error('INVALID_REQUEST, INVALID_JSON, DEADLINE_TOO_FAR: the request is wrong'),
  401: error('UNAUTHORIZED, TOKEN_EXPIRED: get a new token', {
    headers: { 'WWW-Authenticate': Header('Bearer, with the reason') },
  }),
  404: error('NOT_FOUND, RESERVATION_UNKNOWN, TICKET_UNKNOWN'),
  405: error('METHOD_NOT_ALLOWED', { headers: { Allow: Header('the methods of this path') } }),
  408: error('DEADLINE_PASSED: nothing was done, and nothing will be done by this request'),
  409: error('IDEMPOTENCY_KEY_IN_FLIGHT, KEEPER_NOT_LIVE, ORDER_ID_TAKEN'),
  413: error('BODY_TOO_LARGE'),
  415: error('UNSUPPORTED_MEDIA_TYPE: send application/json'),
  422: error('IDEMPOTENCY_KEY_REUSED, PAYMENT_DECLINED (by an injected fault)'),
  429: error('TOO_MANY_REQUESTS (by an injected fault)', retryAfter),
  500: error('INTERNAL_ERROR, DATABASE_DAMAGED'),
  503: error('DATABASE_MISSING, DATABASE_UNSURE, TOO_MANY_FILES, SHUTTING_DOWN', retryAfter),
  504: error('GATEWAY_TIMEOUT (by an injected fault)'),
  507: error('DISK_FULL'),
} as const;

type ErrorStatus = keyof typeof ERRORS;

/**
 * Adds to the responses of a route the errors that it can give.
 * @param ownCodes describes the statuses that have other codes on this route than in general
 */
export function withErrors<Responses extends Record<number, TSchema>, Status extends ErrorStatus>(
  responses: Responses,
  statuses: readonly Status[],
  ownCodes: Partial<Record<NoInfer<Status>, string>> = {},
): Responses & Record<Status, ReturnType<typeof error>> {
  const errors = Object.fromEntries(
    statuses.map((status) => {
      const description = ownCodes[status];
      return [status, description === undefined ? ERRORS[status] : error(description)];
    }),
  );
  // The entries of `errors` are those of `statuses`, which Object.fromEntries cannot express.
  return { ...responses, ...errors } as Responses & Record<Status, ReturnType<typeof error>>;
}

function error(description: string, options: object = {}) {
  return Type.Object(ErrorResponse.properties, { ...options, description, additionalProperties: true });
}

import { type Exchange, type HttpRequest, sendRequest } from 'exactly-one/http';
import { type Static, type TSchema, Type } from 'typebox';
import { Value } from 'typebox/value';
import { hasCardNumber } from '../contracts/card-numbers.ts';
import { errorMessage } from '../contracts/errors.ts';
import { ErrorResponse } from '../contracts/http.ts';
import { maskSecrets } from '../contracts/secrets.ts';
import { readRetryAfterMs } from './retry-after.ts';

/** The service responded with a status other than the expected one. */
export class ErrorResponseReceived extends Error {
  override readonly name = 'ErrorResponseReceived';
  readonly status: number;
  /** The `code` of a well-formed error response. */
  readonly code: string | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(
    request: string,
    response: { status: number; code: string | undefined; retryAfterMs: number | undefined },
  ) {
    const { status, code, retryAfterMs } = response;
    super(maskSecrets(`${request} responded with ${status}${code === undefined ? '' : ` ${code}`}`));
    this.status = status;
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }
}

/** The request was not sent, there was no complete response, or its body does not have the expected form. */
export class NoResponseReceived extends Error {
  override readonly name = 'NoResponseReceived';
  /** Read by `classifyFailure`: after a truncated or garbled response, the next one may be complete. */
  readonly transient = true;

  constructor(message: string, options?: ErrorOptions) {
    super(maskSecrets(message), options);
  }
}

/**
 * Sends a request and reads the JSON of its response, checked by schema.
 * @param status the expected status
 * @param parse default `JSON.parse`
 * @throws ErrorResponseReceived for any other status, NoResponseReceived if there is no complete and valid response
 */
export async function requestJson<Schema extends TSchema>(
  request: HttpRequest,
  status: number,
  schema: Schema,
  parse: (text: string) => unknown = JSON.parse,
): Promise<Static<Schema>> {
  const name = `${request.method} ${request.url}`;
  const exchange = await sendWithToken(request);
  if (exchange.kind === 'not sent') throw new NoResponseReceived(`${name}: ${exchange.reason}`);
  if (exchange.kind === 'no response') {
    throw new NoResponseReceived(`${name}: ${errorMessage(exchange.error)}`, { cause: exchange.error });
  }
  if (exchange.status !== status) {
    throw new ErrorResponseReceived(name, {
      status: exchange.status,
      code: errorCodeOf(exchange),
      retryAfterMs: retryAfterMsOf(exchange),
    });
  }
  const body = readJson(exchange, schema, parse);
  // The body is not quoted: it may contain what must not be logged.
  if (body === undefined) throw new NoResponseReceived(`${name} responded with ${status} and an invalid body`);
  return body;
}

/**
 * Sends a request. A response that quotes the token of the request loses its body, because its ids and codes would go
 * into histories.
 */
export async function sendWithToken(request: HttpRequest): Promise<Exchange> {
  const exchange = await sendRequest(request);
  const token = /^Bearer (.+)$/.exec(request.headers?.authorization ?? '')?.[1];
  const quotesToken = token !== undefined && exchange.kind === 'response' && exchange.body.includes(token);
  return quotesToken ? { ...exchange, body: '' } : exchange;
}

/** The body of a response that is declared as JSON, is JSON and matches the schema; otherwise undefined. */
export function readJson<Schema extends TSchema>(
  exchange: Exchange,
  schema: Schema,
  parse: (text: string) => unknown = JSON.parse,
): Static<Schema> | undefined {
  if (exchange.kind !== 'response' || !isJson(exchange.headers['content-type'])) return undefined;
  try {
    const body = parse(exchange.body);
    return Value.Check(schema, body) ? body : undefined;
  } catch {
    return undefined;
  }
}

/** The `code` of a well-formed error response, unless it could contain a card number. */
export function errorCodeOf(exchange: Exchange): string | undefined {
  const code = readJson(exchange, ErrorResponse)?.code;
  return code !== undefined && hasCardNumber(code) ? undefined : code;
}

/** How long the service asks to wait, in milliseconds; undefined where it does not say so, or not understandably. */
export function retryAfterMsOf(exchange: Exchange): number | undefined {
  return exchange.kind === 'response' ? readRetryAfterMs(exchange.headers['retry-after'], Date.now()) : undefined;
}

/** A time in a response: RFC 3339, or milliseconds since the epoch. */
export const ReceivedTime = Type.Union([
  Type.String({ format: 'date-time' }),
  Type.Integer({ minimum: 1, maximum: 8.64e15 }),
]);

/** Epoch milliseconds of a {@link ReceivedTime}. */
export function readTimeMs(time: Static<typeof ReceivedTime>): number {
  return typeof time === 'number' ? time : Date.parse(time);
}

function isJson(contentType: string | undefined): boolean {
  return /^application\/json\s*(;|$)/i.test(contentType ?? '');
}

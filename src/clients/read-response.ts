import { type Static, type TSchema, Type } from 'typebox';
import { Value } from 'typebox/value';
import { ErrorResponse } from '../contracts/http.ts';
import { type Exchange, type HttpRequest, sendRequest } from './send-request.ts';

/** The service answered, but not with what was asked for. */
export class ErrorResponseReceived extends Error {
  override readonly name = 'ErrorResponseReceived';
  readonly status: number;
  /** The `code` of a whole error answer. */
  readonly code: string | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(what: string, answer: { status: number; code: string | undefined; retryAfterMs: number | undefined }) {
    super(`${what} answered ${answer.status}${answer.code === undefined ? '' : ` ${answer.code}`}`);
    this.status = answer.status;
    this.code = answer.code;
    this.retryAfterMs = answer.retryAfterMs;
  }
}

/** No complete response came, or one that is not of the agreed form. */
export class NoResponseReceived extends Error {
  override readonly name = 'NoResponseReceived';
  /** For `classifyFailure`: a cut or garbled answer says nothing about the next one. */
  readonly transient = true;
}

/**
 * Sends a request and reads its 2xx answer, checked by schema.
 * @param parse reads the text of the answer; default `JSON.parse`
 * @throws ErrorResponseReceived for any other status, NoResponseReceived for everything that is no complete response
 */
export async function ask<Schema extends TSchema>(
  request: HttpRequest,
  status: number,
  schema: Schema,
  parse: (text: string) => unknown = JSON.parse,
): Promise<Static<Schema>> {
  const what = `${request.method} ${request.url}`;
  const exchange = await sendRequest(request);
  if (exchange.kind === 'no response') {
    const { message } = exchange.error;
    throw new NoResponseReceived(`${what}: ${message || exchange.errorCodes.join(', ')}`, { cause: exchange.error });
  }
  if (exchange.status !== status) {
    throw new ErrorResponseReceived(what, {
      status: exchange.status,
      code: errorCodeOf(exchange),
      retryAfterMs: retryAfterMsOf(exchange),
    });
  }
  const body = readJson(exchange, schema, parse);
  // The text of an answer is not repeated: it may hold what must not be logged.
  if (body === undefined)
    throw new NoResponseReceived(`${what} answered ${status} with a body that is not of the agreed form`);
  return body;
}

/** The body of an answer, if it is declared and readable as JSON and fits the schema; undefined otherwise. */
export function readJson<Schema extends TSchema>(
  exchange: Exchange,
  schema: Schema,
  parse: (text: string) => unknown = JSON.parse,
): Static<Schema> | undefined {
  if (exchange.kind === 'no response' || !isJson(exchange.headers['content-type'])) return undefined;
  try {
    const body = parse(exchange.body);
    return Value.Check(schema, body) ? body : undefined;
  } catch {
    return undefined;
  }
}

/** The `code` of an error answer, if it is a whole one. One that may be a card number is none. */
export function errorCodeOf(exchange: Exchange): string | undefined {
  const code = readJson(exchange, ErrorResponse)?.code;
  return code !== undefined && /\d{4}.*\d{4}/.test(code) ? undefined : code;
}

/** `Retry-After` in milliseconds, given as seconds or as a date: RFC 9110, section 10.2.3. */
export function retryAfterMsOf(exchange: Exchange): number | undefined {
  const value = exchange.kind === 'response' ? exchange.headers['retry-after'] : undefined;
  if (value === undefined) return undefined;
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1_000;
  const at = Date.parse(value);
  return Number.isNaN(at) ? undefined : Math.max(0, at - Date.now());
}

/** A time as services give it: RFC 3339, or milliseconds since the epoch. */
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

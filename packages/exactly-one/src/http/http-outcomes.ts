import type { AcceptedOperation, CreateOutcome } from '../protocol/create-outcome.ts';
import type { OrderReference } from '../protocol/items.ts';

/** What the body of a response to a create says. */
export interface HttpReport {
  /** The item in the body, if the body was a complete item. */
  readonly item?: (OrderReference & { readonly itemId: string }) | undefined;
  /** What the service has accepted, if the body was a complete operation. */
  readonly operation?: AcceptedOperation | undefined;
  /** The error code in the body, if the body was a complete error. */
  readonly errorCode?: string | undefined;
}

/** What a worker observed of one create over HTTP: a response, or what is known about the connection. */
export type HttpExchange =
  | (HttpReport & {
      readonly kind: 'response';
      /** HTTP status. */
      readonly status: number;
      /** As it was received, for `read` of `httpOutcomes`. */
      readonly body?: string;
      /** Why `read` said nothing: the error that it threw. */
      readonly readError?: string;
    })
  | {
      readonly kind: 'no response';
      /** Whether the socket was ever connected. From then on the request may have been sent. */
      readonly connected: boolean;
      /** The code of the error, or its message if it has none; of an AggregateError, those of all inner errors. */
      readonly errorCodes: readonly string[];
      /** For people: where the connection was refused, for example. */
      readonly error?: Error | undefined;
    }
  /** No byte of the request was given to a connection, and none will be: its deadline passed before that. */
  | { readonly kind: 'not sent'; readonly reason: string };

/** The outcome table of a service: it says what came of a create from what was exchanged. */
interface HttpOutcomes {
  classify(exchange: HttpExchange, order: OrderReference): CreateOutcome;
}

/**
 * The outcome table for HTTP. It trusts as little as possible: what it does not know is `unknown`.
 * @param options.rejecting the error codes with which the service says that it has not acted and that trying again is
 *   useless; default none. They count with status 400, 403, 404 and 422 only.
 * @param options.read what a body says, parsed from JSON and not checked; so `create` may return what `sendRequest` does.
 *   If it throws, the body says nothing, and the reason of the outcome names the error. Default: `create` reads the body itself.
 * @throws TypeError when a code is not a text, or empty, or `read` is not a function
 */
export function httpOutcomes(
  options: {
    readonly rejecting?: readonly string[];
    readonly read?: (body: ReturnType<typeof JSON.parse>) => HttpReport;
  } = {},
): HttpOutcomes {
  const { rejecting = [], read, ...unknown } = options;
  if (Object.keys(unknown).length > 0) {
    throw new TypeError(`httpOutcomes: the options must be { rejecting, read }, but are ${JSON.stringify(options)}`);
  }
  if (!Array.isArray(rejecting)) {
    throw new TypeError(`httpOutcomes: rejecting must be a list of error codes, but is ${JSON.stringify(rejecting)}`);
  }
  if (read !== undefined && typeof read !== 'function') {
    throw new TypeError(`httpOutcomes: read must be a function, but is ${JSON.stringify(read)}`);
  }
  const wrong = rejecting.findIndex((code) => typeof code !== 'string' || code === '');
  if (wrong !== -1) {
    throw new TypeError(
      `httpOutcomes: rejecting[${wrong}] must be a text that is not empty, but is ${JSON.stringify(rejecting[wrong])}`,
    );
  }
  return {
    classify: (exchange, order) =>
      classifyOutcome(read === undefined ? exchange : withReport(exchange, read), order, rejecting),
  };
}

function withReport(exchange: HttpExchange, read: (body: unknown) => HttpReport): HttpExchange {
  if (exchange.kind !== 'response' || exchange.body === undefined) return exchange;
  let body: unknown;
  try {
    body = JSON.parse(exchange.body);
  } catch {
    // The status alone counts.
    return exchange;
  }
  try {
    return { ...exchange, ...read(body) };
  } catch (error) {
    // The same. But a mistake in `read` must be seen, since it hides every code that rejects. Only an object can be read.
    if (typeof body !== 'object' || body === null) return exchange;
    return { ...exchange, readError: String(error).slice(0, MAX_ERROR_LENGTH) };
  }
}

/** Of an error that is shown. */
const MAX_ERROR_LENGTH = 200;

/** The types say so too, but nobody may have checked the body. */
function isId(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

const REJECTING_STATUSES: readonly number[] = [400, 403, 404, 422];
/** Codes of errors that happen before a connection exists, so that nothing was sent. */
export const NEVER_CONNECTED_CODES: readonly string[] = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN'];

/**
 * Classifies one create request, trusting as little as possible. Only a 201 with a complete item of this order and
 * reservation is `committed`, only a 202 that names an operation is `accepted`, only one of the given codes with status
 * 400, 403, 404 or 422 is `rejected`, and only a connection that was never made or a request that was never written is
 * `not sent`. Everything else is `unknown`.
 * @param rejectingCodes the error codes with which the service says that it has not acted and that trying again is
 *   useless
 */
export function classifyOutcome(
  exchange: HttpExchange,
  order: OrderReference,
  rejectingCodes: readonly string[],
): CreateOutcome {
  if (exchange.kind === 'not sent') return exchange;
  if (exchange.kind === 'no response') return classifyNoResponse(exchange);
  const { status, item, operation, errorCode, readError } = exchange;
  if (
    status === 201 &&
    item !== undefined &&
    isId(item.itemId) &&
    item.orderId === order.orderId &&
    item.reservationId === order.reservationId
  ) {
    return { kind: 'committed', itemId: item.itemId };
  }
  if (status === 202 && operation !== undefined && isId(operation.reference)) {
    const { reference, readyAtMs } = operation;
    // A time that is none, such as a date that could not be parsed, says nothing.
    const ready = readyAtMs === undefined || !Number.isFinite(readyAtMs) ? {} : { readyAtMs };
    return { kind: 'accepted', reason: `the service has accepted it as ${reference}`, reference, ...ready };
  }
  if (REJECTING_STATUSES.includes(status) && errorCode !== undefined && rejectingCodes.includes(errorCode)) {
    return { kind: 'rejected', code: errorCode, reason: `the response was ${status} ${errorCode}` };
  }
  const said =
    status === 201
      ? 'the response was 201 without a complete item of this order'
      : `the response was ${status}${errorCode === undefined ? '' : ` ${errorCode}`}`;
  return { kind: 'unknown', reason: readError === undefined ? said : `${said}; outcomes.read threw ${readError}` };
}

function classifyNoResponse({ connected, errorCodes, error }: HttpExchange & { kind: 'no response' }): CreateOutcome {
  const codes = errorCodes.join(', ') || 'no error code';
  const neverConnected =
    !connected && errorCodes.length > 0 && errorCodes.every((code) => NEVER_CONNECTED_CODES.includes(code));
  return neverConnected
    ? { kind: 'not sent', reason: `never connected (${error?.message || codes})` }
    : { kind: 'unknown', reason: `no complete response (${codes})` };
}

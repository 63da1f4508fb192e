import http from 'node:http';
import type { Call, CreateCall, HttpExchange } from 'exactly-one/activities';

/** What came of one request: a response with the JSON of its body, or what is known about the connection. */
export type Exchange =
  | { readonly kind: 'response'; readonly status: number; readonly body: unknown }
  | Exclude<HttpExchange, { kind: 'response' }>;

/** What a create, a list and a void say of their request. */
type Limits = Pick<Call, 'requestId' | 'timeoutMs' | 'mayStillBeSent' | 'signal'> &
  Partial<Pick<CreateCall, 'deadlineMs' | 'idempotencyKey'>>;

/**
 * Sends one request, once, on a connection of its own: without retry, redirect or proxy. It never throws. A response that
 * is cut off counts as none.
 */
export function sendOnce(method: 'GET' | 'POST', url: string, call: Limits): Promise<Exchange> {
  return new Promise((resolve) => {
    let connected = false;
    const request = http.request(url, { method, headers: headersOf(call), agent: false, signal: call.signal });
    const timer = setTimeout(() => request.destroy(new Error('timed out')), call.timeoutMs);
    const end = (exchange: Exchange) => {
      clearTimeout(timer);
      resolve(exchange);
      request.destroy();
    };
    const fail = (error: Error) => end({ kind: 'no response', connected, errorCodes: errorCodesOf(error) });
    request.once('socket', (socket) => {
      // Nothing has been written yet, and the time may have passed since the call.
      socket.once('connect', () => {
        connected = true;
        if (call.mayStillBeSent()) request.end();
        else end({ kind: 'not sent', reason: 'its deadline passed before it was sent' });
      });
    });
    request.once('response', (response) => {
      readJson(response).then((body) => end({ kind: 'response', status: response.statusCode ?? 0, body }), fail);
    });
    request.on('error', fail);
    request.once('close', () => fail(new Error('the connection ended without a response')));
  });
}

function headersOf({ requestId, deadlineMs, idempotencyKey }: Limits): http.OutgoingHttpHeaders {
  return {
    'request-id': requestId,
    ...(deadlineMs === undefined ? {} : { 'request-deadline': deadlineMs }),
    ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
  };
}

/** @throws when the connection ends before the body does */
async function readJson(response: http.IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  try {
    return JSON.parse(Buffer.concat(chunks).toString());
  } catch {
    return undefined;
  }
}

/** If several addresses were tried, the codes of each. */
function errorCodesOf(error: Error): readonly string[] {
  const errors: readonly object[] = error instanceof AggregateError ? error.errors : [error];
  return errors.map((each) => ('code' in each ? String(each.code) : String(each)));
}

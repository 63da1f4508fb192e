import http from 'node:http';
import https from 'node:https';
import { errorCode } from '../contracts/errors.ts';

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Instead of `body`: text that is already JSON. */
  readonly json?: string;
  /** From the call to the last byte of the response. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

export type Exchange =
  | {
      readonly kind: 'response';
      readonly status: number;
      readonly headers: http.IncomingHttpHeaders;
      readonly body: string;
    }
  | {
      readonly kind: 'no response';
      /** Whether the socket was ever connected. */
      readonly connected: boolean;
      /** The code of the error, or those of the inner errors if several addresses were tried. */
      readonly errorCodes: readonly string[];
      readonly error: Error;
    };

/** Far more than any expected response has. */
const MAX_BODY_BYTES = 1_048_576;

/**
 * Sends one HTTP request exactly once: on a connection of its own, without retry, redirect or proxy.
 * Never throws. A response that is truncated, too large or late counts as no response.
 */
export function sendRequest(request: HttpRequest): Promise<Exchange> {
  const text = request.json ?? (request.body === undefined ? undefined : JSON.stringify(request.body));
  const { request: open } = request.url.startsWith('https:') ? https : http;
  return new Promise<Exchange>((resolve) => {
    let connected = false;
    const sent = open(request.url, {
      method: request.method,
      // The other side may close a pooled connection just as the request is sent on it.
      agent: false,
      headers: {
        accept: 'application/json',
        ...(text === undefined
          ? {}
          : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(text)) }),
        ...request.headers,
      },
    });
    const abort = () => sent.destroy(new Error('the request was cancelled'));
    const timer = setTimeout(
      () => sent.destroy(new Error(`no complete response within ${request.timeoutMs} ms`)),
      Math.max(0, request.timeoutMs),
    );
    const finish = (exchange: Exchange) => {
      clearTimeout(timer);
      request.signal?.removeEventListener('abort', abort);
      resolve(exchange);
    };
    const fail = (error: Error) => finish({ kind: 'no response', connected, errorCodes: errorCodesOf(error), error });

    request.signal?.addEventListener('abort', abort);
    if (request.signal?.aborted) abort();
    sent.once('socket', (socket) => socket.once('connect', () => (connected = true)));
    sent.on('error', fail);
    let hasResponse = false;
    // After a 101 (Switching Protocols) the request closes without an error.
    sent.once('close', () => {
      if (!hasResponse) fail(new Error('the connection ended without a response'));
    });
    sent.once('response', (response) => {
      hasResponse = true;
      readBody(response).then((body) => {
        finish({ kind: 'response', status: response.statusCode ?? 0, headers: response.headers, body });
        // Do not wait for the other side to close the connection, and ignore what it sends after the response.
        sent.destroy();
      }, fail);
    });
    sent.end(text);
  }).catch(neverOpened);
}

/** Node rejects some requests by throwing, before it opens a socket. */
function neverOpened(error: unknown): Exchange {
  const reason = error instanceof Error ? error : new Error(String(error));
  return { kind: 'no response', connected: false, errorCodes: errorCodesOf(reason), error: reason };
}

async function readBody(response: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) throw new Error(`the response is longer than ${MAX_BODY_BYTES} bytes`);
    chunks.push(chunk);
  }
  if (!response.complete) throw new Error('the response was truncated');
  return Buffer.concat(chunks).toString('utf8');
}

function errorCodesOf(error: Error): readonly string[] {
  const errors: readonly unknown[] = 'errors' in error && Array.isArray(error.errors) ? error.errors : [error];
  return errors.map((each) => errorCode(each) ?? 'no code');
}

import http from 'node:http';
import https from 'node:https';
import { errorCode } from '../contracts/errors.ts';

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** In place of `body`: JSON that is text already. */
  readonly json?: string;
  /** From the call to the last byte of the answer. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

export type Exchange =
  | {
      readonly kind: 'response';
      readonly status: number;
      readonly headers: http.IncomingHttpHeaders;
      /** The whole body. */
      readonly body: string;
    }
  | {
      readonly kind: 'no response';
      /** Whether the socket was ever connected. */
      readonly connected: boolean;
      /** The codes of the error, or of the inner errors where several addresses were tried. */
      readonly errorCodes: readonly string[];
      readonly error: Error;
    };

/** A larger answer is no answer: nothing that we ask for comes near it. */
const LARGEST_BODY_BYTES = 1_048_576;

/**
 * Sends one HTTP request, once: on a connection of its own, without retry, redirect or proxy.
 * Never throws; a cut, oversized or late answer is no answer.
 */
export function sendRequest(request: HttpRequest): Promise<Exchange> {
  const text = request.json ?? (request.body === undefined ? undefined : JSON.stringify(request.body));
  const { request: open } = request.url.startsWith('https:') ? https : http;
  return new Promise<Exchange>((resolve) => {
    let connected = false;
    const sent = open(request.url, {
      method: request.method,
      // A pooled connection may be closed by the other side at the very moment of the send; a fresh one is not.
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
    let answered = false;
    // Without an error it closes on 101: nobody here switches protocols.
    sent.once('close', () => {
      if (!answered) fail(new Error('the connection ended without an answer'));
    });
    sent.once('response', (response) => {
      answered = true;
      readBody(response).then((body) => {
        finish({ kind: 'response', status: response.statusCode ?? 0, headers: response.headers, body });
        // Bytes after the answer are none of ours, and nobody waits for the other side to hang up.
        sent.destroy();
      }, fail);
    });
    sent.end(text);
  }).catch(neverOpened);
}

/** Node refuses some requests before it opens a socket, by throwing. */
function neverOpened(error: unknown): Exchange {
  const reason = error instanceof Error ? error : new Error(String(error));
  return { kind: 'no response', connected: false, errorCodes: errorCodesOf(reason), error: reason };
}

async function readBody(response: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response) {
    bytes += chunk.length;
    if (bytes > LARGEST_BODY_BYTES) throw new Error(`the answer is longer than ${LARGEST_BODY_BYTES} bytes`);
    chunks.push(chunk);
  }
  if (!response.complete) throw new Error('the answer was cut off');
  return Buffer.concat(chunks).toString('utf8');
}

function errorCodesOf(error: Error): readonly string[] {
  const errors: readonly unknown[] = 'errors' in error && Array.isArray(error.errors) ? error.errors : [error];
  return errors.map((each) => errorCode(each) ?? 'no code');
}

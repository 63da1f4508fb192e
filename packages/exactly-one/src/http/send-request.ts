import http from 'node:http';
import https from 'node:https';

/** One request and its limits. Those of a call of `exactlyOneActivities` fit: `{ method, url, ...call }`. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: string;
  /** One that is undefined is not sent. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Instead of `body`: text that is already JSON. */
  readonly json?: string;
  /** From the call to the last byte of the response. Zero or less: nothing is sent. */
  readonly timeoutMs: number;
  /**
   * Asked when the connection exists, immediately before the request is written, whether it may still be sent. The
   * process may have been stopped since the call, and the network may have been slow. Default: yes, within `timeoutMs`.
   */
  readonly mayStillBeSent?: () => boolean;
  readonly signal?: AbortSignal;
}

/** What came of one request. */
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
      /** The code of the error, or its message if it has none; if several addresses were tried, those of each. */
      readonly errorCodes: readonly string[];
      readonly error: Error;
    }
  /** Its time was over, or it was cancelled, before any of it was written. None of it will be. */
  | { readonly kind: 'not sent'; readonly reason: string };

/** Far more than any expected response has. */
const MAX_BODY_BYTES = 1_048_576;

/** The longest delay of a timer in Node; a longer one would fire at once. */
const MAX_TIMER_MS = 2_147_483_647;

/**
 * Sends one HTTP request exactly once: on a connection of its own, without retry, redirect or proxy, and never after its
 * time. Never throws. A response that is truncated, too large or late counts as no response.
 */
export function sendRequest(request: HttpRequest): Promise<Exchange> {
  const { timeoutMs, signal, mayStillBeSent = () => true } = request;
  if (typeof timeoutMs !== 'number') {
    const reason = `timeoutMs must be a number of milliseconds, but is ${JSON.stringify(timeoutMs)}`;
    return Promise.resolve({ kind: 'not sent', reason });
  }
  const isOver = countdown(timeoutMs);
  const tooLate = 'its time was over before it was sent';
  if (isOver()) return Promise.resolve({ kind: 'not sent', reason: tooLate });
  if (signal?.aborted) return Promise.resolve({ kind: 'not sent', reason: CANCELLED });
  return new Promise<Exchange>((resolve) => {
    const text = request.json ?? (request.body === undefined ? undefined : JSON.stringify(request.body));
    const { sent, onceConnected } = open(request, text);
    let connected = false;
    let written = false;
    let hasResponse = false;

    /** The connection ends with the exchange: one that is made later must neither carry the request nor stay open. */
    const finish = (exchange: Exchange) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      resolve(exchange);
      sent.destroy();
    };
    const fail = (error: Error) => finish({ kind: 'no response', connected, errorCodes: errorCodesOf(error), error });
    const giveUp = (reason: string, whenWritten: string) =>
      written ? fail(new Error(whenWritten)) : finish({ kind: 'not sent', reason });
    const abort = () => giveUp(CANCELLED, CANCELLED);
    const timeOut = () => giveUp(tooLate, `timed out after ${timeoutMs} ms`);
    const timer = setTimeout(timeOut, Math.min(timeoutMs, MAX_TIMER_MS));
    signal?.addEventListener('abort', abort);

    sent.once('socket', (socket) => {
      socket.once('connect', () => {
        connected = true;
      });
      socket.once(onceConnected, () => {
        if (sent.destroyed) return;
        if (isOver()) return timeOut();
        if (!mayStillBeSent()) return finish({ kind: 'not sent', reason: 'its deadline passed before it was sent' });
        written = true;
        sent.end(text);
      });
    });
    sent.on('error', fail);
    // After a 101 (Switching Protocols) the request closes without an error.
    sent.once('close', () => {
      if (!hasResponse) fail(new Error('the connection ended without a response'));
    });
    sent.once('response', (response) => {
      hasResponse = true;
      readBody(response).then((body) => {
        finish({ kind: 'response', status: response.statusCode ?? 0, headers: response.headers, body });
      }, fail);
    });
  }).catch(neverOpened);
}

const CANCELLED = 'the request was cancelled';

/** Opens a connection for a request of which nothing is written yet. */
function open({ url, method, headers }: HttpRequest, text: string | undefined) {
  if (typeof url !== 'string' || !/^https?:\/\//.test(url)) {
    throw new TypeError(`url must begin with http:// or https://, but is ${JSON.stringify(url)}`);
  }
  const isSecure = url.startsWith('https:');
  const sent = (isSecure ? https : http).request(url, {
    method,
    // The other side may close a pooled connection just as the request is sent on it.
    agent: false,
    headers: {
      accept: 'application/json',
      ...(text === undefined
        ? {}
        : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(text)) }),
      ...withoutUndefined(headers),
    },
  });
  return { sent, onceConnected: isSecure ? 'secureConnect' : 'connect' };
}

/** A void, for example, has a deadline only if it has no keeper. */
function withoutUndefined(headers: HttpRequest['headers'] = {}): http.OutgoingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined));
}

/**
 * Whether a time is over: by the wall clock, because the monotonic clock stops while a machine sleeps, or by the monotonic
 * clock, because the wall clock may be set back. A time that is zero, negative or not a number is over at once.
 */
function countdown(ms: number): () => boolean {
  const wallEndMs = Date.now() + ms;
  const monotonicEndMs = performance.now() + ms;
  return () => !(Date.now() < wallEndMs && performance.now() < monotonicEndMs);
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
  return errors.map(codeOf);
}

/** The code of an error, such as `ECONNRESET`, or else its message. Works for errors of another realm too, such as jest's. */
function codeOf(error: unknown): string {
  const { code, message }: { readonly code?: unknown; readonly message?: unknown } = Object(error);
  if (typeof code === 'string') return code;
  return typeof message === 'string' && message !== '' ? message : String(error);
}

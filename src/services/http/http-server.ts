import { createServer, type RequestListener, type Server, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { bodyOf, HttpProblem } from './http-problem.ts';
import { endAfterResponses, oneAtATime } from './one-at-a-time.ts';

interface Limits {
  /** A request must arrive completely within this time, and a response must be read within it. */
  readonly timeoutMs: number;
  /** How late the former may be noticed. Node's default of 30 s would double the limit. */
  readonly checkEveryMs: number;
}

const LIMITS: Limits = { timeoutMs: 30_000, checkEveryMs: 1_000 };
const KEEP_ALIVE_MS = 72_000;
/** How long a refused client has to read why. */
const LAST_BYTES_MS = 1_000;

/**
 * Creates the HTTP server below fastify: one request at a time on each connection, none of which is slow.
 * @param limits default 30 s, checked every second
 */
export function createHttpServer(handler: RequestListener, { timeoutMs, checkEveryMs }: Limits = LIMITS): Server {
  const handle = oneAtATime(handler, timeoutMs);
  const server = createServer(
    {
      requestTimeout: timeoutMs,
      headersTimeout: timeoutMs,
      connectionsCheckingInterval: checkEveryMs,
      keepAliveTimeout: KEEP_ALIVE_MS,
      // Node would refuse a missing Host without a body.
      requireHostHeader: false,
    },
    handle,
  );
  // Node would leave out all headers after the first 2000, such as the one that names a foreign page.
  server.maxHeadersCount = 0;
  // Without a listener Node responds to these without a body.
  server.on('checkExpectation', handle);
  server.on('connect', (_request, socket: Socket) => {
    end(socket, new HttpProblem(405, 'METHOD_NOT_ALLOWED', 'this service is not a proxy'));
  });
  return server;
}

/** Refuses what is not a valid HTTP request, or did not arrive in time. */
export function refuseConnection(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) socket.destroy();
  else endAfterResponses(socket, () => end(socket, problemOf(error.code)));
}

function problemOf(code: string | undefined): HttpProblem {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return new HttpProblem(431, 'HEADERS_TOO_LARGE', 'the headers are too large');
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return new HttpProblem(413, 'BODY_TOO_LARGE', 'the chunk extensions of the body are too large');
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new HttpProblem(408, 'REQUEST_TIMEOUT', 'the request did not arrive in time');
    default:
      return new HttpProblem(400, 'INVALID_REQUEST', 'this is not a valid HTTP request');
  }
}

/** Where there is no response object, the response is written to the socket. */
function end(socket: Socket, problem: HttpProblem): void {
  const body = JSON.stringify(bodyOf(problem));
  socket.end(
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}\r\nContent-Type: application/json; charset=utf-8\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
  setTimeout(() => socket.destroy(), LAST_BYTES_MS).unref();
}

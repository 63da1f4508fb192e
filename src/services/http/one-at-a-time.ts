import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** A client that pipelines waits for responses sooner or later; one that only sends would fill the memory. */
const MAX_WAITING = 16;

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

interface Waiting {
  readonly start: () => void;
  /** The request whose handler it starts. */
  readonly request?: IncomingMessage;
}

interface Connection {
  /** The exchange whose handler is running. */
  current: Exchange | undefined;
  readonly waiting: Waiting[];
  /** Set while the connection is not read because a request waits. */
  isHeld: boolean;
}

const connections = new WeakMap<Socket, Connection>();

/**
 * Makes pipelining harmless: Node starts the handlers of all requests that it has read. Here a handler starts when the
 * response before it has been written and read. While a request waits, no more are read; a connection on which more than
 * 16 requests wait is closed, and so is one whose client does not read a response in time.
 */
export function oneAtATime(handler: RequestListener, readTimeoutMs: number): RequestListener {
  return (request, response) => {
    const { socket } = request;
    const connection = connectionOf(socket);
    const start = () => {
      closeUnread(response, readTimeoutMs);
      handle(handler, { request, response }, connection);
    };
    if (connection.current === undefined && connection.waiting.length === 0) start();
    else if (connection.waiting.length === MAX_WAITING) closeAtOnce(socket);
    else if (!socket.destroyed) wait(connection, socket, { start, request });
  };
}

/**
 * Node parses up to 64 kB in one go, although the connection is closed meanwhile: 1,800 requests, for which all others
 * would wait. Its parser stops behind a request that asks for another protocol (2), and so it is made to take the next.
 */
function closeAtOnce(socket: Socket & { parser?: { onIncoming: () => number } | null }): void {
  if (socket.parser) socket.parser.onIncoming = () => 2;
  socket.destroy();
}

/**
 * Ends a connection on which no further request can be read, once the requests before are handled.
 * @param end writes the last response and ends the connection
 */
export function endAfterResponses(socket: Socket, end: () => void): void {
  const connection = connectionOf(socket);
  const { current, waiting } = connection;
  // The request that failed may be the last of those that wait. Its body will never arrive.
  if (waiting.at(-1)?.request?.complete === false) waiting.pop();
  if (current === undefined) end();
  else if (current.request.complete) wait(connection, socket, { start: end });
  else if (current.response.headersSent) socket.destroy();
  // The request that failed is the current one: its body did not arrive.
  else end();
}

function connectionOf(socket: Socket): Connection {
  const known = connections.get(socket);
  if (known !== undefined) return known;
  const connection: Connection = { current: undefined, waiting: [], isHeld: false };
  connections.set(socket, connection);
  // Node resumes a connection on its own, such as when a handler reads its body or a response has drained.
  socket.on('resume', () => {
    if (connection.isHeld) socket.pause();
  });
  socket.once('close', () => connection.waiting.splice(0));
  return connection;
}

function handle(handler: RequestListener, exchange: Exchange, connection: Connection): void {
  const { request, response } = exchange;
  const { socket } = request;
  connection.current = exchange;
  response.once('close', () => {
    connection.current = undefined;
    startNext(connection, socket);
  });
  handler(request, response);
}

/** A response that is complete is sent as fast as its client reads. */
function closeUnread(response: ServerResponse, readTimeoutMs: number): void {
  response.once('prefinish', () => {
    // The system has taken all of it.
    if (response.writableLength === 0) return;
    const timer = setTimeout(() => response.destroy(), readTimeoutMs);
    timer.unref();
    response.once('close', () => clearTimeout(timer));
  });
}

function wait(connection: Connection, socket: Socket, next: Waiting): void {
  connection.waiting.push(next);
  connection.isHeld = true;
  socket.pause();
}

function startNext(connection: Connection, socket: Socket): void {
  // After `Connection: close` the rest is not handled, because its responses could not be sent.
  if (!socket.writable) connection.waiting.splice(0);
  connection.waiting.shift()?.start();
  if (!connection.isHeld || connection.waiting.length > 0) return;
  connection.isHeld = false;
  socket.resume();
}

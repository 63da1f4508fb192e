import { once } from 'node:events';
import http from 'node:http';
import type { Socket } from 'node:net';

/** A response of a scripted service; a body that is not a string is sent as JSON. */
export interface ScriptedResponse {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request as the scripted service received it. */
export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
  readonly atMs: number;
}

/** A request and what a script can do about it. */
export interface ScriptedCall {
  /** Does what the service does when it works correctly, and returns its response without sending it. */
  act(): ScriptedResponse;
  send(response: ScriptedResponse): void;
  /** The connection, for responses that no HTTP server would send. */
  readonly socket: Socket;
}

/** What a scripted service does with a request. */
export type Behaviour<Call extends ScriptedCall = ScriptedCall> = (call: Call) => void | Promise<void>;

/** Whatever was requested, as the service would. */
export const respondsCorrectly: Behaviour = ({ act, send }) => send(act());

/** A response with an error body of the agreed form. */
export function refusal(
  status: number,
  code: string,
  headers: Readonly<Record<string, string>> = {},
): ScriptedResponse {
  return { status, body: { error: `refused: ${code}`, code }, headers };
}

/** The behaviours that a test has set, by a name of the requests that they are for. */
export function createScripts<Call extends ScriptedCall>() {
  const once = new Map<string, Behaviour<Call>[]>();
  const lasting = new Map<string, Behaviour<Call>>();
  return {
    /** Each of these behaviours is used for one of the next requests. */
    add(name: string, behaviours: readonly Behaviour<Call>[]) {
      once.set(name, [...(once.get(name) ?? []), ...behaviours]);
    },
    /** This behaviour is used for every request for which none was added; undefined removes it. */
    setLasting(name: string, behaviour: Behaviour<Call> | undefined) {
      if (behaviour === undefined) lasting.delete(name);
      else lasting.set(name, behaviour);
    },
    /** The behaviour for the request that has just come in, if a test has set one. */
    next: (name: string): Behaviour<Call> | undefined => once.get(name)?.shift() ?? lasting.get(name),
  };
}

/**
 * Starts an HTTP server on a free port of loopback.
 * @param name for error messages
 * @param serve called with each request; the connection is cut when it throws
 */
export async function startScriptedServer(
  name: string,
  serve: (request: ReceivedRequest & Pick<ScriptedCall, 'send' | 'socket'>) => void | Promise<void>,
) {
  const sockets = new Set<Socket>();
  let stopped = false;
  const server = http.createServer((request, response) => {
    const { method = '', url = '', headers, socket } = request;
    readBody(request)
      .then((body) => {
        const received = { method, path: url, headers, body, atMs: Date.now() };
        return serve({ ...received, socket, send: (sent) => send(response, sent) });
      })
      .catch((error: unknown) => {
        if (!stopped) console.error(`a script of the ${name} failed`, error);
        socket.destroy();
      });
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
  });
  const listen = async (port: number) => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  };
  await listen(0);
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error(`the ${name} has no port`);

  return {
    url: `http://127.0.0.1:${address.port}`,
    /** Refuses new connections; open ones remain. */
    stopListening: () => void server.close(),
    /** Accepts connections again, on the same port. */
    listen: () => listen(address.port),
    async stop() {
      stopped = true;
      server.close();
      for (const socket of sockets) socket.destroy();
      if (sockets.size > 0) await once(server, 'close');
    },
  };
}

async function readBody(request: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

function send(response: http.ServerResponse, { status, body, headers = {} }: ScriptedResponse): void {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    ...headers,
  });
  response.end(text);
}

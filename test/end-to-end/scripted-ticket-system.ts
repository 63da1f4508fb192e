import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Guarantee } from 'exactly-one';
import { type Answer, createTicketBook, type Endpoint, type Received, refusal } from './ticket-book.ts';

/** One call as a script sees it: what was received, and all that can be done about it. */
export interface Call extends Received {
  /** Does what a well-behaved ticket system would do now, and gives its answer without sending it. */
  act(): Answer;
  send(answer: Answer): void;
  /** The connection itself, for answers that no server would give. */
  readonly socket: Socket;
}

export type Behaviour = (call: Call) => void | Promise<void>;

/** A list that was answered as a well-behaved ticket system does. */
interface Shown {
  readonly atMs: number;
  readonly asOfMs: number;
  readonly live: readonly string[];
}

export type ScriptedTicketSystem = Awaited<ReturnType<typeof startScriptedTicketSystem>>;

/** A ticket system that behaves well until a script makes a call of it misbehave. It records everything that it receives. */
export async function startScriptedTicketSystem(guarantee: Guarantee, { tokenTtlMs = 60_000 } = {}) {
  const book = createTicketBook(guarantee, tokenTtlMs);
  const shown = new Map<string, Shown[]>();
  const received: Received[] = [];
  const scripts = new Map<string, Behaviour[]>();
  const habits = new Map<string, Behaviour>();
  const sockets = new Set<Socket>();
  let stopped = false;

  const behave: Behaviour = (call) => {
    const answer = call.act();
    if (call.endpoint === 'list' && answer.status === 200) {
      const now = Date.now();
      const before = shown.get(call.orderId) ?? [];
      shown.set(call.orderId, [...before, { atMs: now, asOfMs: now, live: book.liveTickets(call.orderId) }]);
    }
    call.send(answer);
  };

  const server = http.createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      if (!stopped) console.error('the script of the ticket system failed', error);
      request.socket.destroy();
    });
  });

  const serve = async (request: http.IncomingMessage, response: http.ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { method = '', url = '', headers, socket } = request;
    const what = endpointOf(method, url);
    if (what === undefined) return send(response, refusal(404, 'NOT_FOUND'));
    const call: Received = {
      ...what,
      ...{ method, path: url, headers, body: Buffer.concat(chunks).toString('utf8'), atMs: Date.now() },
    };
    received.push(call);
    const name = `${call.endpoint} ${call.orderId}`;
    const behaviour = scripts.get(name)?.shift() ?? habits.get(name) ?? behave;
    await behaviour({ ...call, socket, act: () => book.actOn(call), send: (answer) => send(response, answer) });
  };

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
  // A server that listens on a port has such an address.
  const { port } = server.address() as AddressInfo;

  return {
    ...book,
    url: `http://127.0.0.1:${port}`,
    received,
    behave,
    /** Sends the next calls of this endpoint for this order through these, one each; later ones are well served again. */
    script(endpoint: Endpoint, orderId: string, ...behaviours: readonly Behaviour[]) {
      const name = `${endpoint} ${orderId}`;
      scripts.set(name, [...(scripts.get(name) ?? []), ...behaviours]);
    },
    /** How every call is served for which no script is left, until `mend`. */
    break(endpoint: Endpoint, orderId: string, behaviour: Behaviour) {
      habits.set(`${endpoint} ${orderId}`, behaviour);
    },
    mend(endpoint: Endpoint, orderId: string) {
      habits.delete(`${endpoint} ${orderId}`);
    },
    calls: (endpoint: Endpoint, orderId: string) =>
      received.filter((call) => call.endpoint === endpoint && call.orderId === orderId),
    /** The well-behaved lists that were answered. */
    shown: (orderId: string): readonly Shown[] => shown.get(orderId) ?? [],
    /** Refuses connections from now on; those that are open stay. */
    stopListening: () => void server.close(),
    listen: () => listen(port),
    async stop() {
      stopped = true;
      server.close();
      for (const socket of sockets) socket.destroy();
      if (sockets.size > 0) await once(server, 'close');
    },
  };
}

const ROUTES: readonly { method: string; path: RegExp; endpoint: Endpoint }[] = [
  { method: 'POST', path: /^\/tokens()$/, endpoint: 'token' },
  { method: 'GET', path: /^\/orders\/([^/]+)\/reservation$/, endpoint: 'reservation' },
  { method: 'GET', path: /^\/payment-methods\/R-([^/]+)\?source=(?:primary|backup)$/, endpoint: 'vault' },
  { method: 'POST', path: /^\/orders\/([^/]+)\/tickets$/, endpoint: 'create' },
  { method: 'GET', path: /^\/orders\/([^/]+)\/tickets$/, endpoint: 'list' },
  { method: 'POST', path: /^\/orders\/([^/]+)\/tickets\/[^/]+\/void$/, endpoint: 'void' },
];

function endpointOf(method: string, url: string): Pick<Received, 'endpoint' | 'orderId'> | undefined {
  for (const route of ROUTES) {
    const match = route.method === method ? route.path.exec(url) : null;
    if (match !== null) return { endpoint: route.endpoint, orderId: match[1] ?? '' };
  }
  return undefined;
}

function send(response: http.ServerResponse, { status, body, headers = {} }: Answer): void {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    ...headers,
  });
  response.end(text);
}

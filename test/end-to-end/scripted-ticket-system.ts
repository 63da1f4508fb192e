import type { Guarantee } from 'exactly-one';
import { createInMemoryTicketSystem, type Endpoint, type TicketSystemRequest } from './in-memory-ticket-system.ts';
import { type Behaviour, createScripts, refusal, type ScriptedCall, startScriptedServer } from './scripted-server.ts';

export type TicketSystemCall = TicketSystemRequest & ScriptedCall;

export type TicketSystemBehaviour = Behaviour<TicketSystemCall>;

/** A correct response to a list request. */
interface ListedTickets {
  readonly atMs: number;
  readonly asOfMs: number;
  /** The ids of the live tickets. */
  readonly live: readonly string[];
}

export type ScriptedTicketSystem = Awaited<ReturnType<typeof startScriptedTicketSystem>>;

/** A ticket system that works correctly, except for the calls that a test scripts. It records every request. */
export async function startScriptedTicketSystem(guarantee: Guarantee, { tokenTtlMs = 60_000 } = {}) {
  const system = createInMemoryTicketSystem(guarantee, tokenTtlMs);
  const listed = new Map<string, ListedTickets[]>();
  const received: TicketSystemRequest[] = [];
  const scripts = createScripts<TicketSystemCall>();

  const respondCorrectly: TicketSystemBehaviour = (call) => {
    const response = call.act();
    if (call.endpoint === 'list' && response.status === 200) {
      const now = Date.now();
      const before = listed.get(call.orderId) ?? [];
      listed.set(call.orderId, [...before, { atMs: now, asOfMs: now, live: system.liveTickets(call.orderId) }]);
    }
    call.send(response);
  };

  const server = await startScriptedServer('ticket system', ({ socket, send, ...request }) => {
    const endpoint = endpointOf(request.method, request.path);
    if (endpoint === undefined) return send(refusal(404, 'NOT_FOUND'));
    const call: TicketSystemRequest = { ...request, ...endpoint };
    received.push(call);
    const behaviour = scripts.next(`${call.endpoint} ${call.orderId}`) ?? respondCorrectly;
    return behaviour({ ...call, socket, send, act: () => system.handle(call) });
  });

  return {
    ...system,
    ...server,
    received,
    /** What the ticket system does when nothing is scripted. */
    respondCorrectly,
    /** Uses each of these behaviours for one of the next calls of this endpoint for this order. */
    script: (endpoint: Endpoint, orderId: string, ...behaviours: readonly TicketSystemBehaviour[]) =>
      scripts.add(`${endpoint} ${orderId}`, behaviours),
    /** Uses this behaviour for all calls for which nothing is scripted, until `restore`. */
    break: (endpoint: Endpoint, orderId: string, behaviour: TicketSystemBehaviour) =>
      scripts.setLasting(`${endpoint} ${orderId}`, behaviour),
    restore: (endpoint: Endpoint, orderId: string) => scripts.setLasting(`${endpoint} ${orderId}`, undefined),
    calls: (endpoint: Endpoint, orderId: string) =>
      received.filter((call) => call.endpoint === endpoint && call.orderId === orderId),
    /** The correct responses to list requests. */
    listed: (orderId: string): readonly ListedTickets[] => listed.get(orderId) ?? [],
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

function endpointOf(method: string, path: string): Pick<TicketSystemRequest, 'endpoint' | 'orderId'> | undefined {
  for (const route of ROUTES) {
    const match = route.method === method ? route.path.exec(path) : null;
    if (match !== null) return { endpoint: route.endpoint, orderId: match[1] ?? '' };
  }
  return undefined;
}

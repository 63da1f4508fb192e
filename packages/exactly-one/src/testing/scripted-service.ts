import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import http, { type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { A_FUNCTION, A_GUARANTEE, checkOptions, optional, type Rule } from '../contract/check-options.ts';
import type { AcceptedOperation } from '../protocol/create-outcome.ts';
import type { Guarantee } from '../protocol/guarantee.ts';
import type { Fault, FaultKind, Faults } from './faults.ts';
import { createItemStore, type ItemStore, type Listing, newItem, type StoredItem } from './item-store.ts';

export interface ServiceRequest {
  readonly method: string;
  /** The path and the query of the request, to be read by `pathname` and `searchParams`. */
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  /** Parsed from JSON; undefined if there is none. */
  readonly body: unknown;
}

/** What a request asks for. */
export type Operation =
  | {
      readonly kind: 'create';
      readonly orderId: string;
      /** The idempotency key, if the request carries one. */
      readonly key?: string | undefined;
      /** Epoch milliseconds, if the request carries a deadline. */
      readonly deadlineMs?: number | undefined;
    }
  | { readonly kind: 'list'; readonly orderId: string }
  | {
      readonly kind: 'void';
      readonly itemId: string;
      /** Default: the order that has this item. */
      readonly orderId?: string;
      /** The item that must be live, or null; undefined for a service that knows no keepers. */
      readonly keep?: string | null | undefined;
      /** Epoch milliseconds, if the request carries a deadline. */
      readonly deadlineMs?: number | undefined;
    }
  /** Anything else that your functions ask, such as a token. */
  | { readonly kind: 'other'; readonly response: ServiceResponse };

/** What came of an operation. */
export type OperationResult =
  | { readonly kind: 'created'; readonly item: StoredItem }
  | ({ readonly kind: 'listed' } & Listing)
  | { readonly kind: 'voided'; readonly item: StoredItem }
  /** `rejected`: respond with a code that rejects an order. */
  | { readonly kind: 'refused'; readonly why: 'rejected' | 'deadline passed' | 'item unknown' | 'keeper not live' };

export interface ServiceResponse {
  /** HTTP status. */
  readonly status: number;
  /** Sent as JSON; undefined: no body. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** How the requests and responses of your service map to the operations of the kit. */
export interface ServiceMapping {
  /** What a request asks for; undefined: the service has no such route, so it responds 404. */
  operationOf(request: ServiceRequest): Operation | undefined;
  /** The response of your service. */
  responseTo(result: OperationResult, request: ServiceRequest): ServiceResponse;
  /**
   * The response of a service that has accepted a create and finishes it later, with status 202. Default: the service
   * responds only when it has finished.
   */
  acceptedResponse?(operation: Required<AcceptedOperation>, request: ServiceRequest): ServiceResponse;
  /** Whether it accepts every create, and never responds with an item. Default false: it accepts some. */
  readonly alwaysAccepts?: boolean;
  /** Whether it has a response that rejects an order, so that `responseTo` can say it. Default true. */
  readonly rejects?: boolean;
  /** Whether its lists say when they were read. Without it, nobody can notice a stale list, so none is sent. Default true. */
  readonly listsHaveTime?: boolean;
}

export interface ScriptedServiceOptions extends ServiceMapping {
  /** With `none`, deadlines and keys are ignored. */
  readonly guarantee: Guarantee;
  /**
   * How long after its deadline a create that was accepted may take effect, in milliseconds. Default 0. With `none`, there
   * is no such bound.
   */
  readonly acceptWithinMs?: number;
  /** Default: no faults. */
  readonly faults?: Faults;
  /** `on arrival` is wrong in a way that is hard to notice: the effect may come later. Default `at the commit`. */
  readonly checksDeadline?: 'at the commit' | 'on arrival';
  /** Called with each operation that arrives, before any fault. */
  readonly onOperation?: (operation: Operation) => void;
}

const RULES: Readonly<Record<string, Rule>> = {
  operationOf: A_FUNCTION,
  responseTo: A_FUNCTION,
  acceptedResponse: optional(A_FUNCTION),
  guarantee: A_GUARANTEE,
  acceptWithinMs: optional({ isValid: Number.isFinite, allowed: 'milliseconds' }),
  'faults.decide': optional(A_FUNCTION),
  onOperation: optional(A_FUNCTION),
};

export interface ScriptedService {
  /** Without a trailing slash. */
  readonly url: string;
  readonly store: ItemStore;
  /** Creates and voids that have arrived and may still take effect. */
  inFlight(): number;
  close(): Promise<void>;
}

/** A redirect leads here. */
export const REDIRECTED_PATH = '/exactly-one-redirected';

const ERRORS: Partial<Readonly<Record<FaultKind, ServiceResponse>>> = {
  error: { status: 500, body: { error: 'the scripted service fails' } },
  'not found': { status: 404, body: { error: 'not found' } },
  redirect: { status: 307, body: { error: 'moved' }, headers: { location: REDIRECTED_PATH } },
  mistyped: { status: 200, body: {} },
};

/** Of the responses that have an item although they do not say that it is made. */
const STATUS_WITH_ITEM = { 'error with item': 500, 'accepted with item': 202 } as const;

/**
 * Starts a service on a free port of 127.0.0.1 that makes, lists and voids items in memory, and fails as `faults` says.
 * Everything between a decision and its effect happens at once, so requests cannot interfere.
 */
export async function startScriptedService(options: ScriptedServiceOptions): Promise<ScriptedService> {
  checkOptions('startScriptedService', options, RULES);
  const store = createItemStore();
  let inFlight = 0;
  const stopped = new AbortController();
  // Any number of effects may be late.
  setMaxListeners(0, stopped.signal);

  const server = http.createServer((request, response) => {
    respond(request, response).catch((error: unknown) => {
      if (stopped.signal.aborted) return;
      // An error in a mapping is a mistake of the test, so it must be seen.
      send(response, { status: 500, body: { error: `the mapping of the scripted service failed: ${error}` } });
    });
  });

  async function respond(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = await readRequest(incoming);
    const operation = options.operationOf(request);
    if (operation === undefined) {
      send(response, { status: 404, body: { error: 'no such route' } });
      return;
    }
    options.onOperation?.(operation);
    const { result, fault } = await effectOf(operation);
    const success = result === undefined ? withoutEffect(operation, fault, request) : responseOf(result, request);
    if (fault !== undefined && fault.kind !== 'delay') {
      fail(fault, request, response, success);
    } else if (operation.kind === 'other') {
      send(response, operation.response);
    } else if (success !== undefined) {
      send(response, success);
    }
  }

  type Result = OperationResult | { readonly kind: 'accepted'; readonly operation: Required<AcceptedOperation> };
  type Effect = { readonly result?: Result; readonly fault?: Fault | undefined };

  function responseOf(result: Result, request: ServiceRequest): ServiceResponse {
    if (result.kind !== 'accepted') return options.responseTo(result, request);
    if (options.acceptedResponse !== undefined) return options.acceptedResponse(result.operation, request);
    throw new TypeError('a create is accepted, but the mapping has no acceptedResponse');
  }

  /** What a create would get that has no effect, for a fault that says that it has one. */
  function withoutEffect(operation: Operation, fault: Fault | undefined, request: ServiceRequest) {
    if (operation.kind !== 'create' || fault === undefined || !(fault.kind in STATUS_WITH_ITEM)) return undefined;
    return options.responseTo({ kind: 'created', item: newItem(operation.orderId) }, request);
  }

  async function effectOf(operation: Operation): Promise<Effect> {
    switch (operation.kind) {
      case 'create':
        return whileInFlight(() => create(operation));
      case 'list':
        return list(operation.orderId);
      case 'void':
        return whileInFlight(() => voidItem(operation));
      case 'other':
        return {};
    }
  }

  async function whileInFlight(effect: () => Promise<Effect>): Promise<Effect> {
    inFlight += 1;
    try {
      return await effect();
    } finally {
      inFlight -= 1;
    }
  }

  const decide = (point: Parameters<Faults['decide']>[0], orderId: string) => options.faults?.decide(point, orderId);
  const refused = (why: (OperationResult & { kind: 'refused' })['why']): Effect => ({
    result: { kind: 'refused', why },
  });
  const waitFor = ({ until, delayMs = 0 }: Fault) => until ?? pause(delayMs, undefined, { signal: stopped.signal });
  const isLate = (deadlineMs: number | undefined, nowMs = Date.now()) =>
    options.guarantee !== 'none' && !(deadlineMs !== undefined && nowMs <= deadlineMs);

  async function create({ orderId, key, deadlineMs }: Operation & { kind: 'create' }): Promise<Effect> {
    const arrivedAtMs = Date.now();
    store.received(orderId);
    const before = decide('create.before', orderId);
    if (before !== undefined) return { fault: before };
    const late = decide('create.late', orderId);
    const accepts = options.alwaysAccepts === true || late?.kind === 'accept' || late?.kind === 'accept in vain';
    if (accepts && madeWith(orderId, key) === undefined) return accept({ orderId, key, deadlineMs, late });
    if (late !== undefined && !accepts) await waitFor(late);
    const known = madeWith(orderId, key);
    if (known === undefined && isLate(deadlineMs, options.checksDeadline === 'on arrival' ? arrivedAtMs : undefined)) {
      return refused('deadline passed');
    }
    // A repeated create gets the response of the first one.
    const item = known === undefined ? store.make(orderId, key) : { ...known, voided: false };
    return { result: { kind: 'created', item }, fault: decide('create.after', orderId) };
  }

  /** The item that an earlier create with the same key has made, if the service keeps keys. */
  function madeWith(orderId: string, key: string | undefined): StoredItem | undefined {
    return options.guarantee === 'idempotency-key' && key !== undefined ? store.madeWith(orderId, key) : undefined;
  }

  /** What has been accepted and not finished, by order and key. A repeated create gets the response of the first one. */
  const accepted = new Map<string, Required<AcceptedOperation>>();

  /** Accepts a create that is in time. It takes effect later, or never. */
  function accept({
    orderId,
    key,
    deadlineMs,
    late = { kind: 'accept' },
  }: {
    readonly orderId: string;
    readonly key: string | undefined;
    readonly deadlineMs: number | undefined;
    readonly late: Fault | undefined;
  }): Effect {
    if (isLate(deadlineMs)) return refused('deadline passed');
    const id = JSON.stringify([orderId, options.guarantee === 'idempotency-key' ? key : undefined]);
    const earlier = options.guarantee === 'idempotency-key' ? accepted.get(id) : undefined;
    const operation = earlier ?? {
      reference: `OPERATION-${randomUUID()}`,
      readyAtMs: Date.now() + (late.delayMs ?? 0),
    };
    const finish = async (): Promise<Effect> => {
      await waitFor(late);
      accepted.delete(id);
      const boundMs = deadlineMs === undefined ? undefined : deadlineMs + (options.acceptWithinMs ?? 0);
      if (!isLate(boundMs) && madeWith(orderId, key) === undefined) store.make(orderId, key);
      return {};
    };
    if (earlier === undefined && late.kind !== 'accept in vain') {
      accepted.set(id, operation);
      whileInFlight(finish).catch((error: unknown) => {
        if (!stopped.signal.aborted) throw error;
      });
    }
    return { result: { kind: 'accepted', operation }, fault: decide('create.after', orderId) };
  }

  async function list(orderId: string): Promise<Effect> {
    const fault = decide('list', orderId);
    if (fault?.kind === 'stale') {
      if (options.listsHaveTime === false) return { result: { kind: 'listed', ...store.list(orderId) } };
      const { items, asOfMs } = store.listBefore(orderId);
      const oldMs = Date.now() - (fault.delayMs ?? 0);
      return { result: { kind: 'listed', items, asOfMs: Math.min(asOfMs, oldMs) } };
    }
    const listing = store.list(orderId);
    if (fault?.kind === 'delay') await waitFor(fault);
    return { result: { kind: 'listed', ...listing }, fault };
  }

  async function voidItem({ itemId, keep, deadlineMs, ...operation }: Operation & { kind: 'void' }): Promise<Effect> {
    const orderId = operation.orderId ?? store.orderOf(itemId) ?? '';
    const before = decide('void.before', orderId);
    if (before !== undefined) return { fault: before };
    if (!store.list(orderId).items.some((item) => item.itemId === itemId)) return refused('item unknown');
    // A service with a guarantee keeps the deadlines of voids too. Only a void that leaves no item has one.
    if (deadlineMs !== undefined && isLate(deadlineMs)) return refused('deadline passed');
    if (typeof keep === 'string' && (keep === itemId || !store.live(orderId).includes(keep))) {
      return refused('keeper not live');
    }
    const item = store.void(orderId, itemId);
    if (item === undefined) return refused('item unknown');
    return { result: { kind: 'voided', item }, fault: decide('void.after', orderId) };
  }

  function fail(
    fault: Fault,
    request: ServiceRequest,
    response: ServerResponse,
    success: ServiceResponse = { status: 200, body: {} },
  ): void {
    switch (fault.kind) {
      case 'hang':
        return;
      case 'reset':
        response.socket?.destroy();
        return;
      case 'refusal':
        send(response, options.responseTo({ kind: 'refused', why: 'rejected' }, request));
        return;
      case 'malformed':
        sendText(response, success, '{"items": oops');
        return;
      case 'truncated':
        truncate(response, success);
        return;
      case 'error with item':
      case 'accepted with item':
        send(response, { ...success, status: STATUS_WITH_ITEM[fault.kind] });
        return;
      default:
        send(response, ERRORS[fault.kind] ?? success);
    }
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  // A server on a port has an address of this form.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    store,
    inFlight: () => inFlight,
    close() {
      stopped.abort();
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

async function readRequest(incoming: IncomingMessage): Promise<ServiceRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const { method = 'GET', url = '/', headers } = incoming;
  return {
    method,
    url: new URL(url, 'http://127.0.0.1'),
    headers,
    body: parsed(Buffer.concat(chunks).toString('utf8')),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function send(response: ServerResponse, { body, ...rest }: ServiceResponse): void {
  sendText(response, rest, body === undefined ? '' : JSON.stringify(body));
}

function sendText(response: ServerResponse, { status, headers }: ServiceResponse, text: string): void {
  response.writeHead(status, headersOf(text, headers)).end(text);
}

/** Promises the whole body, sends half of it and ends the connection. */
function truncate(response: ServerResponse, { status, body, headers }: ServiceResponse): void {
  const text = JSON.stringify(body ?? {});
  response.writeHead(status, headersOf(text, headers));
  response.write(text.slice(0, text.length / 2), () => response.socket?.destroy());
}

function headersOf(text: string, headers: ServiceResponse['headers']): Readonly<Record<string, string>> {
  const type: Readonly<Record<string, string>> = text === '' ? {} : { 'content-type': 'application/json' };
  return { ...type, 'content-length': String(Buffer.byteLength(text)), ...headers };
}

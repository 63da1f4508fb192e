import { setTimeout as pause } from 'node:timers/promises';
import type { CreateCall, VoidCall } from '../activities/call.ts';
import { exactlyOneActivities, type OrderFunctions } from '../activities/exactly-one-activities.ts';
import { A_FUNCTION, A_GUARANTEE, checkOptions, optional, type Rule } from '../contract/check-options.ts';
import type { HttpExchange } from '../http/http-outcomes.ts';
import type { AcceptedOperation } from '../protocol/create-outcome.ts';
import type { Guarantee } from '../protocol/guarantee.ts';
import type { OrderReference } from '../protocol/items.ts';
import type { Timings } from '../protocol/timings.ts';
import type { Fault, FaultPoint } from './faults.ts';
import {
  type Operation,
  REDIRECTED_PATH,
  type ScriptedService,
  type ServiceMapping,
  type ServiceResponse,
  startScriptedService,
} from './scripted-service.ts';

export interface CheckFunctionsOptions<Input, Exchange = HttpExchange> {
  /**
   * Your three functions for a service at this address, as `exactlyOneActivities` gets them.
   * @param url of the scripted service, without a trailing slash
   */
  functions(url: string): OrderFunctions<Input, Exchange>;
  /** How the requests and responses of your service map to the operations of the scripted one. */
  readonly service: ServiceMapping;
  readonly guarantee: Guarantee;
  /** The input of the functions for an order. */
  input(orderId: string): Input;
  /** So that a list whose times are too coarse for them is found. */
  readonly timings?: Pick<Timings, 'clockSkewMs'>;
  /** The ids of the orders, if your service restricts them. Default `check-0`, `check-1` and so on. */
  readonly orderIdOf?: (index: number) => string;
}

/** What `checkFunctions` needs, and `expectExactlyOne` too. */
export const FUNCTIONS_RULES: Readonly<Record<string, Rule>> = {
  functions: A_FUNCTION,
  'service.operationOf': A_FUNCTION,
  'service.responseTo': A_FUNCTION,
  'service.acceptedResponse': optional(A_FUNCTION),
  guarantee: A_GUARANTEE,
  input: A_FUNCTION,
  orderIdOf: optional(A_FUNCTION),
};

/** What is wrong with one of the three functions. */
export interface WrongFunction {
  readonly name: 'create' | 'list' | 'void';
  /** What it did, after its name: `sent 2 requests in one call`. */
  readonly did: string;
  /** What is right. */
  readonly right: string;
}

/** Far longer than a call takes that ends with its one request. */
export const LIMIT_MS = 10_000;
/** What a call may take by the clock, by default: far more than that, since the process may be stopped meanwhile. */
const CALL_TIMEOUT_MS = 60_000;

/** May have getters, which are read at each request. */
export type FaultsOfOrder = { readonly [Point in FaultPoint]?: Fault | undefined };

export type Settled<Value> =
  | { readonly kind: 'returned'; readonly value: Value }
  | { readonly kind: 'threw'; readonly error: unknown }
  | { readonly kind: 'did not end' };

/** The three functions and the scripted service that they call, with one fault for each order. */
export interface Bench<Input, Exchange> {
  readonly functions: OrderFunctions<Input, Exchange>;
  readonly service: ScriptedService;
  readonly guarantee: Guarantee;
  readonly listsHaveTime: boolean;
  /** Whether the service has a response that rejects an order. */
  readonly rejects: boolean;
  /** Which creates the service accepts and finishes later. */
  readonly accepts: 'none' | 'some' | 'all';
  /** Undefined: not known. */
  readonly clockSkewMs: number | undefined;
  /** An order of its own for each check. */
  newOrder(faults?: FaultsOfOrder): string;
  inputOf(orderId: string): Input;
  referenceOf(orderId: string): OrderReference;
  /** What the service has accepted for an order. */
  accepted(orderId: string): Required<AcceptedOperation> | undefined;
  /** The time that the last list of an order had before the mapping put it into a body. */
  listedAsOfMs(orderId: string): number | undefined;
  /** The response that has rejected an order. */
  refusal(orderId: string): ServiceResponse | undefined;
  creates(orderId: string): readonly (Operation & { kind: 'create' })[];
  voids(itemId: string): number;
  redirected(): number;
}

export async function setUpBench<Input, Exchange>(
  options: CheckFunctionsOptions<Input, Exchange>,
): Promise<Bench<Input, Exchange>> {
  checkOptions('checkFunctions', options, FUNCTIONS_RULES);
  const { service: mapping, guarantee, input, orderIdOf = (index) => `check-${index}` } = options;
  const faults = new Map<string, FaultsOfOrder>();
  const operations: Operation[] = [];
  const accepted = new Map<string, Required<AcceptedOperation>>();
  const listed = new Map<string, number>();
  const refusals = new Map<string, ServiceResponse>();
  let redirected = 0;
  let orders = 0;
  const acceptedResponse: ServiceMapping['acceptedResponse'] = (operation, request) => {
    const asked = mapping.operationOf(request);
    if (asked?.kind === 'create') accepted.set(asked.orderId, operation);
    return mapping.acceptedResponse?.(operation, request) ?? { status: 202 };
  };
  const service = await startScriptedService({
    ...mapping,
    guarantee,
    operationOf(request) {
      if (request.url.pathname !== REDIRECTED_PATH) return mapping.operationOf(request);
      redirected += 1;
      return undefined;
    },
    responseTo(result, request) {
      const response = mapping.responseTo(result, request);
      const asked = mapping.operationOf(request);
      if (result.kind === 'listed' && asked?.kind === 'list') listed.set(asked.orderId, result.asOfMs);
      if (result.kind === 'refused' && asked?.kind === 'create') refusals.set(asked.orderId, response);
      return response;
    },
    ...(mapping.acceptedResponse === undefined ? {} : { acceptedResponse }),
    faults: { decide: (point, orderId) => faults.get(orderId)?.[point] },
    onOperation: (operation) => operations.push(operation),
  });
  const functions = options.functions(service.url);
  // It checks them as a worker will.
  try {
    exactlyOneActivities(functions);
  } catch (error) {
    await service.close();
    throw error;
  }
  const inputOf = (orderId: string) => input(orderId);
  return {
    functions,
    service,
    guarantee,
    listsHaveTime: mapping.listsHaveTime ?? true,
    rejects: mapping.rejects ?? true,
    clockSkewMs: options.timings?.clockSkewMs,
    accepts: mapping.acceptedResponse === undefined ? 'none' : mapping.alwaysAccepts === true ? 'all' : 'some',
    newOrder(ofOrder = {}) {
      const orderId = orderIdOf(orders);
      orders += 1;
      faults.set(orderId, ofOrder);
      return orderId;
    },
    inputOf,
    referenceOf: (orderId) => {
      const reservationId = functions.reservationId?.(inputOf(orderId));
      return { orderId, ...(reservationId === undefined ? {} : { reservationId }) };
    },
    accepted: (orderId) => accepted.get(orderId),
    listedAsOfMs: (orderId) => listed.get(orderId),
    refusal: (orderId) => refusals.get(orderId),
    creates: (orderId) =>
      operations.filter((each) => each.kind === 'create').filter((each) => each.orderId === orderId),
    voids: (itemId) => operations.filter((each) => each.kind === 'void' && each.itemId === itemId).length,
    redirected: () => redirected,
  };
}

/** The call of one function, within the limits that are given. */
export function callOf(
  orderId: string,
  { guarantee }: { readonly guarantee: Guarantee },
  limits: {
    readonly timeoutMs?: number;
    /** Default in `timeoutMs`. */
    readonly deadlineMs?: number;
    readonly mayStillBeSent?: () => boolean;
    readonly signal?: AbortSignal;
  } = {},
): CreateCall & VoidCall {
  const { timeoutMs = CALL_TIMEOUT_MS, mayStillBeSent = () => true, signal = new AbortController().signal } = limits;
  const { deadlineMs = Date.now() + timeoutMs } = limits;
  const endsAtMs = performance.now() + timeoutMs;
  return {
    ...{ orderId, requestId: `check/${orderId}/1`, idempotencyKey: `${orderId}/0`, guarantee, mayStillBeSent, signal },
    deadlineMs,
    credentials: { notIssuedBeforeMs: 0, validUntilMs: Date.now() + timeoutMs },
    get timeoutMs() {
      return Math.max(0, Math.floor(endsAtMs - performance.now()));
    },
  };
}

/**
 * Waits until a call has ended.
 * @param isOver ends the wait sooner, since enough is known
 */
export async function settled<Value>(
  call: () => Promise<Value>,
  { limitMs = LIMIT_MS, isOver = () => false }: { readonly limitMs?: number; readonly isOver?: () => boolean } = {},
): Promise<Settled<Value>> {
  const pending = { kind: 'did not end' } as const;
  const done = new AbortController();
  const ended: Promise<Settled<Value>> = (async () => call())().then(
    (value) => ({ kind: 'returned', value }) as const,
    (error: unknown) => ({ kind: 'threw', error }) as const,
  );
  const timeIsUp = (async () => {
    // Counted in polls: while this process was stopped or busy, the call could not go on either.
    for (let waitedMs = 0; waitedMs < limitMs && !isOver(); waitedMs += POLL_MS) {
      await pause(POLL_MS, undefined, { signal: done.signal }).catch(() => undefined);
      if (done.signal.aborted) break;
    }
    return pending;
  })();
  const result = await Promise.race([ended, timeIsUp]);
  done.abort();
  return result;
}

const POLL_MS = 20;

import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { Client, type Workflow, type WorkflowResultType } from '@temporalio/client';
import { cancel } from '../client/cancel.ts';
import { describeWorkflow } from '../client/describe-workflow.ts';
import { submit } from '../client/submit.ts';
import { A_FUNCTION, A_TEXT, checkOptions, optional, type Rule } from '../contract/check-options.ts';
import { quoted } from '../contract/quoted.ts';
import { TIMINGS_RULES } from '../contract/timing-rules.ts';
import type { HttpExchange } from '../http/http-outcomes.ts';
import { lateWatchId } from '../protocol/ids.ts';
import type { Timings } from '../protocol/timings.ts';
import { checkFunctions } from './check-functions.ts';
import { connectTo } from './connect.ts';
import { afterFenceMs, type Faults, faultRules, seededFaults } from './faults.ts';
import { type CheckFunctionsOptions, FUNCTIONS_RULES } from './function-bench.ts';
import type { ItemCounts } from './item-store.ts';
import { lateFirstCreates } from './late-first-creates.ts';
import { terminateOpen, untilPolled, whyOpen } from './open-orders.ts';
import { type EndedOrder, endOfFailure, type OrderEnd, problemsOf } from './order-end.ts';
import { resultOf } from './result-of.ts';
import { type ScriptedService, startScriptedService } from './scripted-service.ts';
import { runWorkerProgram, startProgram, type WorkerProgram, type WorkerSettings } from './worker-program.ts';

export interface ExpectExactlyOneOptions<Order extends Workflow, Input, Exchange = HttpExchange>
  extends CheckFunctionsOptions<Input, Exchange> {
  /** Of the Temporal server; default `TEMPORAL_ADDRESS` of the environment, or else `127.0.0.1:7233`. */
  readonly address?: string;
  /** Default `default`. */
  readonly namespace?: string;
  /** The workflow, or the name of its type. */
  readonly workflow: Order | string;
  /**
   * The first argument of the workflow without `resumed`, which is added. Default: an object with the fields of `input` and
   * with `timings`.
   */
  workflowInput?(orderId: string): Omit<Parameters<Order>[0], 'resumed'>;
  /** The item in the result of the workflow. Default: its field `itemId`. */
  itemIdOf?(result: WorkflowResultType<Order>): string;
  /**
   * Your worker program: a file that Node runs, from the current folder, with `TEMPORAL_ADDRESS`, `TEMPORAL_NAMESPACE`,
   * `TASK_QUEUE` and `SERVICE_URL` in its environment. Or a function that starts it as a child process: Node itself, not
   * npm or npx, because only this process is killed, with SIGKILL, and started again.
   */
  readonly startWorker: string | ((settings: WorkerSettings) => ChildProcess | Promise<ChildProcess>);
  /** Those that the orders have. Keep them small, such as a second or two: tests wait for them. */
  readonly timings: Timings;
  /** How many orders; default 8. Of four, one is terminated and submitted again, one cancelled, one submitted twice. */
  readonly orders?: number;
  /** Of the faults; default 1. The same seed gives the same faults to the same orders. */
  readonly seed?: number;
  /** Default: seeded faults at every point. */
  readonly faults?: Faults;
  /** How often the worker is killed while a create is in flight; default 1. */
  readonly crashes?: number;
  /** From the time when your worker polls, in milliseconds; default 120 000. */
  readonly timeoutMs?: number;
}

/** What happened, for people to read. */
export interface ExactlyOneSummary extends ItemCounts {
  readonly completed: number;
  readonly cancelled: number;
  readonly rejected: number;
  /** How often the worker was killed while a create was in flight. */
  readonly crashes: number;
}

const RULES: Readonly<Record<string, Rule>> = {
  ...FUNCTIONS_RULES,
  workflow: {
    isValid: (value) => A_FUNCTION.isValid(value) || A_TEXT.isValid(value),
    allowed: 'a workflow or the name of one',
  },
  workflowInput: optional(A_FUNCTION),
  itemIdOf: optional(A_FUNCTION),
  startWorker: {
    isValid: (value) => A_FUNCTION.isValid(value) || A_TEXT.isValid(value),
    allowed: 'the file of a worker program, or a function that starts it',
  },
  ...TIMINGS_RULES,
};

const ACTIONS = ['terminated and submitted again', 'cancelled', 'submitted twice', 'left alone'] as const;
type Action = (typeof ACTIONS)[number];

const DEFAULT_TIMEOUT_MS = 120_000;
/** A worker bundles its workflows first, which takes a minute on a busy machine. */
const START_TIMEOUT_MS = 120_000;
const POLL_MS = 50;
const ABANDONED_MS = 20_000;

/**
 * Checks your functions, then runs orders of your workflow, with your worker, against a scripted service with faults:
 * orders are terminated with a create in flight, cancelled and submitted twice, and the worker is killed. It waits until
 * all orders and their late watches have ended and nothing is in flight.
 * @throws WrongFunctionsError before any order runs; TypeError when an option is not allowed; an Error with one line for
 *   each order unless every completed order has exactly one live item, the one it returned, and every cancelled or
 *   rejected one none; an Error when the worker ends by itself or the time is over
 */
export async function expectExactlyOne<Order extends Workflow, Input, Exchange = HttpExchange>(
  options: ExpectExactlyOneOptions<Order, Input, Exchange>,
): Promise<ExactlyOneSummary> {
  checkOptions('expectExactlyOne', options, RULES);
  const { namespace = 'default', seed = 1, orders: count = 8, crashes = 1 } = options;
  const { address = process.env.TEMPORAL_ADDRESS || '127.0.0.1:7233' } = options;
  checkNumbers({ orders: [count, 1], seed: [seed, 0], crashes: [crashes, 0] });
  checkAcceptance(options);
  const connection = await connectTo(address);
  try {
    await checkFunctions(options);
    return await runOrders(options, new Client({ connection, namespace }), { address, namespace });
  } finally {
    await connection.close();
  }
}

async function runOrders<Order extends Workflow, Input, Exchange>(
  options: ExpectExactlyOneOptions<Order, Input, Exchange>,
  client: Client,
  { address, namespace }: Pick<WorkerSettings, 'address' | 'namespace'>,
): Promise<ExactlyOneSummary> {
  const { seed = 1, orders: count = 8, crashes = 1, startWorker, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  const run = randomUUID().slice(0, 8);
  const { orderIdOf = (index: number) => `order-${run}-${index}` } = options;
  const orders = Array.from({ length: count }, (_, index) => ({
    orderId: orderIdOf(index),
    action: ACTIONS[(index + seed) % ACTIONS.length] ?? 'left alone',
  }));
  const toTerminate = new Set(
    orders.filter(({ action }) => action === 'terminated and submitted again').map(({ orderId }) => orderId),
  );
  const stopped = new AbortController();
  // Every order may wait.
  setMaxListeners(0, stopped.signal);
  const service: ScriptedService = await startScriptedService({
    ...mappingOf(options),
    faults: faultsOf(options, orders, {
      hasItem: (orderId) => service.store.live(orderId).length > 0,
      mustWait: (orderId) => toTerminate.has(orderId) && service.store.creates(orderId) > 0,
    }),
  });
  const taskQueue = `exactly-one-${run}`;
  const started = new Set<string>();
  const open = new Set(orders.map(({ orderId }) => orderId));
  const until: Until = async (condition) => {
    while (!condition()) await pause(POLL_MS, undefined, { signal: stopped.signal });
  };
  let worker: WorkerProgram | undefined;

  /** Rejects with the error after a time, or when it is stopped. */
  const after = async (ms: number, error: () => Error | Promise<Error>) => {
    await pause(ms, undefined, { signal: stopped.signal });
    throw await error();
  };
  const tooLate = async () => {
    const why = open.size === 0 ? '; requests are still in flight' : `; still open:${await whyOpen(client, [...open])}`;
    return new Error(
      `expectExactlyOne: the orders have not all ended within timeoutMs, ${timeoutMs} ms, which can be raised${why}`,
    );
  };
  const neverPolled = () =>
    new Error(
      `expectExactlyOne: the worker program runs, but polls no task queue ${taskQueue} within ${START_TIMEOUT_MS} ms; it must use TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE and TASK_QUEUE of its environment`,
    );

  async function playOrders(running: WorkerProgram) {
    const [kills, ended] = await Promise.all([
      crashWorker({ worker: running, service, crashes, until, areEnded: () => open.size === 0 }),
      Promise.all(
        orders.map(async (order) => {
          const onStarted = () => started.add(order.orderId);
          const played = await playOrder({
            ...{ ...order, options, client, taskQueue, service, toTerminate, until, onStarted },
            stopped: stopped.signal,
          });
          open.delete(order.orderId);
          return played;
        }),
      ),
    ]);
    await until(() => service.inFlight() === 0);
    return { kills, ended: ended.map((each) => ({ ...each, live: service.store.live(each.orderId) })) };
  }

  let haveEnded = false;
  try {
    const settings = { address, namespace, taskQueue, serviceUrl: service.url };
    worker = await runWorkerProgram(() =>
      typeof startWorker === 'string' ? startProgram(startWorker, settings) : startWorker(settings),
    );
    const polled = untilPolled(client, { taskQueue, namespace, signal: stopped.signal });
    await firstOf([polled, worker.failed, after(START_TIMEOUT_MS, neverPolled)]);
    const { ended, kills } = await firstOf([playOrders(worker), worker.failed, after(timeoutMs, tooLate)]);
    haveEnded = true;
    const problems = problemsOf(ended);
    if (problems.length > 0) {
      throw new Error(
        `expectExactlyOne: ${problems.length} of ${count} orders (seed ${seed}) are wrong:\n- ${problems.join('\n- ')}`,
      );
    }
    const ends = (kind: OrderEnd['kind']) => ended.filter(({ end }) => end.kind === kind).length;
    return {
      ...{ completed: ends('completed'), cancelled: ends('cancelled'), rejected: ends('rejected') },
      ...{ crashes: kills, ...service.store.count() },
    };
  } finally {
    stopped.abort();
    // Without a worker they would stay open for ever.
    if (!haveEnded) await terminateOpen(client, { orderIds: [...started], taskQueue }).catch(() => undefined);
    await worker?.stop();
    await service.close();
  }
}

/** The first one that settles counts. The others end when everything is stopped, and whatever they throw then is no news. */
function firstOf<Value>(promises: readonly Promise<Value>[]): Promise<Value> {
  for (const each of promises) each.catch(() => undefined);
  return Promise.race(promises);
}

type Until = (condition: () => boolean) => Promise<void>;

/** Kills the worker while creates are in flight that it has sent itself. */
async function crashWorker(options: {
  readonly worker: WorkerProgram;
  readonly service: ScriptedService;
  readonly crashes: number;
  readonly until: Until;
  readonly areEnded: () => boolean;
}): Promise<number> {
  const { worker, service, crashes, until, areEnded } = options;
  for (let kills = 0; kills < crashes; kills += 1) {
    const before = service.store.count().creates;
    await until(() => areEnded() || (service.store.count().creates > before && service.inFlight() > 0));
    if (areEnded()) return kills;
    await worker.crash();
  }
  return crashes;
}

async function playOrder<Order extends Workflow, Input, Exchange>(order: {
  readonly orderId: string;
  readonly action: Action;
  readonly options: ExpectExactlyOneOptions<Order, Input, Exchange>;
  readonly client: Client;
  readonly taskQueue: string;
  readonly service: ScriptedService;
  /** The orders that have not been terminated yet, and will be. */
  readonly toTerminate: Set<string>;
  readonly until: Until;
  readonly onStarted: () => void;
  readonly stopped: AbortSignal;
}): Promise<Omit<EndedOrder, 'live'>> {
  const { orderId, action, options, client, taskQueue, service, toTerminate, until, onStarted, stopped } = order;
  const { workflow, timings } = options;
  const input = options.workflowInput?.(orderId) ?? { ...options.input(orderId), timings };
  const submitOnce = () => submit<Workflow>(client, { workflow, workflowId: orderId, taskQueue, input });
  const { result } = await submitOnce();
  const handle = client.workflow.getHandle<Order>(orderId);
  if (result !== 'started') {
    throw new Error(`expectExactlyOne: an order ${orderId} exists already, so it ${result}; use ids that are new`);
  }
  onStarted();
  const runIds: string[] = [];
  const noteRun = async () => runIds.push((await handle.describe()).runId);
  if (action !== 'left alone') {
    await until(() => service.store.creates(orderId) > 0);
    await noteRun();
  }
  switch (action) {
    case 'terminated and submitted again':
      await handle.terminate('by expectExactlyOne');
      toTerminate.delete(orderId);
      await submitOnce();
      break;
    case 'submitted twice':
      await submitOnce();
      break;
    case 'cancelled':
      await cancel(client, orderId);
  }
  const end = await resultOf(handle, stopped).then((value) => endOfResult(options, value), endOfFailure);
  await noteRun();
  const watched = await Promise.all(runIds.map((runId) => untilWatched(client, lateWatchId(orderId, runId), stopped)));
  return {
    orderId,
    action,
    isResumed: action === 'terminated and submitted again',
    end,
    watchFailure: watched.find((failure) => failure !== undefined),
  };
}

function endOfResult<Order extends Workflow, Input, Exchange>(
  { itemIdOf }: ExpectExactlyOneOptions<Order, Input, Exchange>,
  result: WorkflowResultType<Order>,
): OrderEnd {
  const { itemId: ofField }: { readonly itemId?: unknown } = Object(result);
  const itemId = itemIdOf === undefined ? ofField : itemIdOf(result);
  if (typeof itemId === 'string') return { kind: 'completed', itemId };
  throw new TypeError(
    `expectExactlyOne: the workflow returned ${quoted(result)}, in which itemIdOf finds no item id, but ${quoted(itemId)}`,
  );
}

/** Waits until a late watch has ended, if there is one. Returns why it failed. */
async function untilWatched(client: Client, workflowId: string, stopped: AbortSignal): Promise<string | undefined> {
  if ((await describeWorkflow(client, workflowId)) === undefined) return undefined;
  try {
    await resultOf(client.workflow.getHandle(workflowId), stopped);
    return undefined;
  } catch (error) {
    const end = endOfFailure(error);
    return end.kind === 'failed' ? end.reason : `it was ${end.kind}`;
  }
}

function mappingOf<Order extends Workflow, Input, Exchange>({
  service,
  guarantee,
  timings,
}: ExpectExactlyOneOptions<Order, Input, Exchange>) {
  const { acceptedResponse, alwaysAccepts = false } = service;
  return {
    ...{ guarantee, alwaysAccepts, acceptWithinMs: timings.acceptWithinMs ?? 0 },
    ...(acceptedResponse === undefined ? {} : { acceptedResponse: acceptedResponse.bind(service) }),
    operationOf: service.operationOf.bind(service),
    responseTo: service.responseTo.bind(service),
    listsHaveTime: service.listsHaveTime ?? true,
  };
}

/**
 * Faults by the number of an order, since its id is new each time.
 * @param state.mustWait whether an order gets no list, because it will be terminated: on a busy machine it could end first
 */
function faultsOf<Order extends Workflow, Input, Exchange>(
  {
    timings,
    guarantee,
    seed = 1,
    faults = seededFaults(seed, faultRules(timings)),
  }: ExpectExactlyOneOptions<Order, Input, Exchange>,
  orders: readonly { readonly orderId: string; readonly action: Action }[],
  { hasItem, mustWait }: { hasItem(orderId: string): boolean; mustWait(orderId: string): boolean },
): Faults {
  const numbers = new Map(orders.map(({ orderId }, index) => [orderId, `order-${index}`]));
  const byNumber: Faults = {
    decide: (point, orderId) =>
      point === 'list' && mustWait(orderId) ? { kind: 'error' } : faults.decide(point, numbers.get(orderId) ?? orderId),
  };
  const terminated = orders.filter(({ action }) => action === 'terminated and submitted again');
  return lateFirstCreates(byNumber, {
    orderIds: terminated.map(({ orderId }) => orderId),
    hasItem,
    // With a guarantee it would not commit after its deadline. Without one, only an order without an item gets this far.
    atLatestMs: guarantee === 'none' ? afterFenceMs(timings) + ABANDONED_MS : timings.createDeadlineMs * 0.75,
  });
}

/** A service that accepts needs a bound, and a bound makes sense only for a service that accepts. */
function checkAcceptance<Order extends Workflow, Input, Exchange>({
  service,
  timings: { acceptWithinMs = 0 },
}: ExpectExactlyOneOptions<Order, Input, Exchange>): void {
  if (service.acceptedResponse === undefined && acceptWithinMs > 0) {
    throw new TypeError(
      `expectExactlyOne: timings.acceptWithinMs is ${acceptWithinMs}, so the service must say how it responds when it accepts a create: acceptedResponse, or accepted of httpService`,
    );
  }
  if (service.acceptedResponse !== undefined && !(acceptWithinMs > 0)) {
    throw new TypeError(
      `expectExactlyOne: the service accepts creates, so timings.acceptWithinMs must be the time within which it finishes them, in milliseconds, but is ${quoted(acceptWithinMs)}`,
    );
  }
}

function checkNumbers(numbers: Readonly<Record<string, readonly [value: number, minimum: number]>>): void {
  for (const [name, [value, minimum]] of Object.entries(numbers)) {
    if (Number.isSafeInteger(value) && value >= minimum) continue;
    throw new TypeError(`expectExactlyOne: ${name} must be a whole number from ${minimum} up, but is ${quoted(value)}`);
  }
}

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Guarantee } from 'exactly-one';
import { reachedLine } from '../../src/platform/failpoints/failpoint.ts';
import type { FailpointProcess } from '../../src/platform/failpoints/failpoints.ts';
import { freePort } from '../../src/platform/processes/free-port.ts';
import { MINIMAL_ENVIRONMENT } from '../../src/platform/processes/minimal-environment.ts';
import type { Child, ChildExit } from '../../src/platform/processes/start-child.ts';
import { waitUntil } from '../../src/platform/processes/wait-until.ts';
import { startTicketSystem } from '../../src/services/ticket-system/ticket-system.fixture.ts';
import { startService } from '../../testbed/processes.ts';
import { type CrashOrder, crashOrders, prepareOrders } from './failpoint-orders.ts';
import { createOrderEnvironment, type OrderEnvironment } from './order-environment.ts';
import { startWorkerProcess } from './worker-process.ts';
import type { OrderEnding } from './workflow-endings.ts';

const CRASH_WITHIN_MS = 100_000;

/**
 * Long enough for all orders that create to reach their failpoints on a busy machine: if the first creates timed out
 * before the crash of the ticket system, their orders would send another one. A worker holds its orders for as long as it
 * takes. After a crash the orders wait this long.
 */
const CREATE_DEADLINES_MS = { worker: 8_000, 'ticket system': 20_000 } as const;

/** The guarantee of new reservations before and after the crash of the ticket system. */
export const GUARANTEE = { before: 'deadline', after: 'none' } as const;

/** A crash with an order at each failpoint of a process, and how the orders ended after the process was started again. */
export interface Crash {
  readonly environment: OrderEnvironment;
  readonly databaseDir: string;
  readonly orders: readonly CrashOrder[];
  /** What the process printed. */
  readonly lines: readonly string[];
  /** Undefined: the process did not end by itself. */
  readonly exit: ChildExit | undefined;
  readonly endings: ReadonlyMap<string, PromiseSettledResult<OrderEnding>>;
}

interface Preparation {
  readonly environment: OrderEnvironment;
  readonly databaseDir: string;
  readonly port: number;
  readonly url: string;
  readonly orders: readonly CrashOrder[];
  /** `CRASH_AT` for all of the orders. */
  readonly crashAt: string;
  /** Called at the end of the test, in reverse order. */
  readonly closing: (() => Promise<unknown>)[];
}

/** A worker dies, and another worker continues; the ticket system keeps running. */
export async function crashWorker(closing: Preparation['closing']): Promise<Crash> {
  const prepared = await prepareCrash('worker', closing, { withWorker: false });
  const { environment, databaseDir, port, url, crashAt } = prepared;
  const system = await startTicketSystem({ databaseDir });
  closing.push(() => system.app.close());
  await system.app.listen({ host: '127.0.0.1', port });
  const start = async (armed: string) => {
    const worker = await startWorkerProcess({
      temporalAddress: environment.address,
      taskQueue: environment.taskQueue,
      ticketSystemUrl: url,
      logLevel: 'info',
      createDeadlineMs: CREATE_DEADLINES_MS.worker,
      crashAt: armed,
    });
    closing.push(() => worker.child.stop(10_000));
    return worker;
  };
  const { child, lines } = await start(crashAt);
  return runThroughCrash(prepared, child, lines, () => start(''));
}

/** The ticket system dies and is started again with another guarantee for new reservations; the worker keeps running. */
export async function crashTicketSystem(closing: Preparation['closing']): Promise<Crash> {
  const prepared = await prepareCrash('ticket system', closing, {});
  const { databaseDir, port, crashAt } = prepared;
  const lines: string[] = [];
  const start = async (guarantee: Guarantee, armed: string) => {
    const { child } = await startService({
      service: 'ticket system',
      port,
      env: {
        ...MINIMAL_ENVIRONMENT,
        LOG_LEVEL: 'error',
        DATABASE_DIR: databaseDir,
        TICKET_SYSTEM_MODE: guarantee,
        CRASH_AT: armed,
      },
      onLine: (line) => lines.push(line),
    });
    closing.push(() => child.stop(10_000));
    return child;
  };
  const child = await start(GUARANTEE.before, crashAt);
  return runThroughCrash(prepared, child, lines, () => start(GUARANTEE.after, ''));
}

/** Its failpoint lies after the worker has scheduled a create. */
function isHeldWithACreate({ point }: CrashOrder): boolean {
  return point.startsWith('create.') || point === 'task.outcome' || point === 'task.result';
}

async function prepareCrash(
  process: FailpointProcess,
  closing: Preparation['closing'],
  options: { withWorker?: boolean },
): Promise<Preparation> {
  const databaseDir = await mkdtemp(path.join(tmpdir(), 'failpoints-'));
  closing.push(() => rm(databaseDir, { recursive: true }));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const environment = await createOrderEnvironment(url, { ...options, createDeadlineMs: CREATE_DEADLINES_MS[process] });
  closing.push(() => environment.close());
  const orders = crashOrders(process, environment.orderId);
  await prepareOrders(databaseDir, orders);
  const crashAt = orders.map(({ point, orderId }) => `${point}:${orderId}`).join(',');
  return { environment, databaseDir, port, url, orders, crashAt, closing };
}

async function runThroughCrash(
  { environment, databaseDir, orders }: Preparation,
  child: Child,
  lines: readonly string[],
  startAgain: () => Promise<unknown>,
): Promise<Crash> {
  const submitAll = (some: readonly CrashOrder[]) =>
    Promise.all(some.map(({ orderId }) => environment.submit(orderId)));
  const reached = (order: CrashOrder) => lines.includes(reachedLine(order));
  // An order that creates is held for a limited time only, so these orders come last.
  const creating = orders.filter(isHeldWithACreate);
  const others = orders.filter((order) => !creating.includes(order));
  await submitAll(others);
  await waitUntil(() => others.every(reached), {
    what: 'the orders without a create at their failpoints',
    timeoutMs: CRASH_WITHIN_MS,
  });
  await submitAll(creating);
  const exit = await Promise.race([child.exited, pause(CRASH_WITHIN_MS, undefined, { ref: false })]);
  // If an order has not reached its failpoint, the process is still alive.
  await child.kill();
  await startAgain();
  const settled = await Promise.allSettled(orders.map(({ orderId }) => environment.quiescence(orderId)));
  const endings = new Map(orders.flatMap(({ orderId }, index) => (settled[index] ? [[orderId, settled[index]]] : [])));
  return { environment, databaseDir, orders, lines, exit, endings };
}

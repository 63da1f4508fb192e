import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Guarantee } from 'exactly-one';
import type { FailpointProcess } from '../../src/platform/failpoints/failpoints.ts';
import { freePort } from '../../src/platform/processes/free-port.ts';
import type { Child, ChildExit } from '../../src/platform/processes/start-child.ts';
import { startTicketSystem } from '../../src/services/ticket-system/ticket-system.fixture.ts';
import { MINIMAL_ENVIRONMENT, startService } from '../../testbed/processes.ts';
import { type CrashOrder, crashOrders, prepareOrders } from './failpoint-orders.ts';
import { createOrderEnvironment, type OrderEnvironment } from './order-environment.ts';
import { startWorkerProcess } from './worker-process.ts';
import type { OrderEnding } from './workflow-endings.ts';

const CRASH_WITHIN_MS = 25_000;

/**
 * Also on a busy machine all orders come to their points before the creates of the first ones are given up: another create
 * would be received. A worker that dies is waited for so long, and sends nothing while it holds a create.
 */
const CREATE_DEADLINES_MS = { worker: 4_000, 'ticket system': 12_000 } as const;

/** What the ticket system guarantees for new reservations before and after its crash. */
export const GUARANTEE = { before: 'deadline', after: 'none' } as const;

/** A crash of a process with an order at each of its points, and how they all ended once it was started again. */
export interface Crash {
  readonly world: OrderEnvironment;
  readonly databaseDir: string;
  readonly orders: readonly CrashOrder[];
  /** All that the process has printed. */
  readonly lines: readonly string[];
  /** How the process ended; undefined: it did not. */
  readonly exit: ChildExit | undefined;
  readonly endings: ReadonlyMap<string, PromiseSettledResult<OrderEnding>>;
}

interface Stage {
  readonly world: OrderEnvironment;
  readonly databaseDir: string;
  readonly port: number;
  readonly url: string;
  readonly orders: readonly CrashOrder[];
  /** The setting that arms a process for all of the orders. */
  readonly crashAt: string;
  /** Called, last first, when all is over. */
  readonly closing: (() => Promise<unknown>)[];
}

/** A worker dies beside a ticket system that stays, and another worker goes on. */
export async function crashWorker(closing: Stage['closing']): Promise<Crash> {
  const stage = await setStage('worker', closing, { withWorker: false });
  const { world, databaseDir, port, url, crashAt } = stage;
  const system = await startTicketSystem({ databaseDir });
  closing.push(() => system.app.close());
  await system.app.listen({ host: '127.0.0.1', port });
  const start = async (armed: string) => {
    const worker = await startWorkerProcess({
      temporalAddress: world.address,
      taskQueue: world.taskQueue,
      ticketSystemUrl: url,
      logLevel: 'info',
      createDeadlineMs: CREATE_DEADLINES_MS.worker,
      crashAt: armed,
    });
    closing.push(() => worker.child.stop(10_000));
    return worker;
  };
  const { child, lines } = await start(crashAt);
  return goThroughCrash(stage, child, lines, () => start(''));
}

/** The ticket system dies beside a worker that stays, and is started again with another guarantee for new reservations. */
export async function crashTicketSystem(closing: Stage['closing']): Promise<Crash> {
  const stage = await setStage('ticket system', closing, {});
  const { databaseDir, port, crashAt } = stage;
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
  return goThroughCrash(stage, child, lines, () => start(GUARANTEE.after, ''));
}

async function setStage(
  process: FailpointProcess,
  closing: Stage['closing'],
  options: { withWorker?: boolean },
): Promise<Stage> {
  const databaseDir = await mkdtemp(path.join(tmpdir(), 'crash-points-'));
  closing.push(() => rm(databaseDir, { recursive: true }));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const world = await createOrderEnvironment(url, { ...options, createDeadlineMs: CREATE_DEADLINES_MS[process] });
  closing.push(() => world.close());
  const orders = crashOrders(process, world.orderId);
  await prepareOrders(databaseDir, orders);
  const crashAt = orders.map(({ point, orderId }) => `${point}:${orderId}`).join(',');
  return { world, databaseDir, port, url, orders, crashAt, closing };
}

async function goThroughCrash(
  { world, databaseDir, orders }: Stage,
  child: Child,
  lines: readonly string[],
  startAgain: () => Promise<unknown>,
): Promise<Crash> {
  await Promise.all(orders.map(({ orderId }) => world.submit(orderId)));
  const exit = await Promise.race([child.exited, pause(CRASH_WITHIN_MS, undefined, { ref: false })]);
  // Should an order not have come to its point, the others still meet a crash.
  await child.kill();
  await startAgain();
  const settled = await Promise.allSettled(orders.map(({ orderId }) => world.quiescence(orderId)));
  const endings = new Map(orders.flatMap(({ orderId }, index) => (settled[index] ? [[orderId, settled[index]]] : [])));
  return { world, databaseDir, orders, lines, exit, endings };
}

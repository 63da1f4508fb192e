import type { Child } from '../../src/platform/processes/start-child.ts';
import { submitOrder } from '../../src/starter/order.ts';
import { submitTransfer } from '../../src/starter/submit-transfer.ts';
import { startService, startWorker, UNREACHABLE_URL } from '../../testbed/processes.ts';
import { putFaults } from '../../testbed/put-faults.ts';
import type { BenchServer } from './bench-server.ts';
import type { Contender, RunningContender } from './contender.ts';

const TASK_QUEUE = 'benchmark';
const STOP_WITHIN_MS = 15_000;
const TERMS = { from: 'account_A', to: 'account_B', amountCents: 1 };

/** How our own worker and services are set up. */
export interface OwnOptions {
  /** A preset of the faults of the service that is called. */
  readonly faults: string;
  readonly faultSeed: number;
  /** How many worker processes run at once. */
  readonly workers: number;
  /** The environment of the workers, beside the addresses. */
  readonly settings: Readonly<Record<string, string>>;
}

/** What this repository does, by name. */
export const WORKLOADS = {
  /** Orders with guarantee `none`, over HTTP, each ticket on disk before the response. */
  orders: ordersContender,
  /** Transfers of 0.01 from one account to another, over HTTP, each step on disk before the response. */
  transfers: transfersContender,
} as const satisfies Readonly<Record<string, (options: OwnOptions) => Contender>>;

export type Workload = keyof typeof WORKLOADS;

function ordersContender(options: OwnOptions): Contender {
  return { name: 'orders', start: (server) => startOrders(server, options) };
}

function transfersContender(options: OwnOptions): Contender {
  return {
    name: 'transfers',
    async start(server) {
      const system = await startSystem(server, options, 'account API', 'ACCOUNT_API_URL');
      return {
        ...system,
        async run(id) {
          const { handle } = await submitTransfer(server.client, TASK_QUEUE, id, TERMS);
          await handle.result();
          return handle.workflowId;
        },
      };
    },
  };
}

/** Our own worker processes, which can be killed and started again. */
export interface OwnSystem extends RunningContender {
  /** Kills all workers with SIGKILL. */
  killWorkers(): Promise<void>;
  /** Starts as many workers as before, and waits until they are ready. */
  startWorkers(): Promise<void>;
}

/** Starts a ticket system and workers. A run is an order. */
export async function startOrders(server: BenchServer, options: OwnOptions): Promise<OwnSystem> {
  const system = await startSystem(server, options, 'ticket system', 'TICKET_SYSTEM_URL');
  return {
    ...system,
    async run(id) {
      const { handle } = await submitOrder(server.client, TASK_QUEUE, `order-${id}`);
      await handle.result();
      return handle.workflowId;
    },
  };
}

/** Starts a service and the workers that call it. */
async function startSystem(
  server: BenchServer,
  { faults, faultSeed, workers: count, settings }: OwnOptions,
  name: 'ticket system' | 'account API',
  urlSetting: 'TICKET_SYSTEM_URL' | 'ACCOUNT_API_URL',
): Promise<Omit<OwnSystem, 'run'>> {
  const env = { ...server.environment, DATABASE_DIR: server.folder };
  const service = await startService({ service: name, env: { ...env, LOG_LEVEL: 'warn' } });
  const workerEnv = {
    ...env,
    TASK_QUEUE,
    TICKET_SYSTEM_URL: UNREACHABLE_URL,
    ACCOUNT_API_URL: UNREACHABLE_URL,
    [urlSetting]: service.url,
    ...settings,
  };
  let workers: readonly Child[] = [];
  const startWorkers = async () => {
    workers = await Promise.all(Array.from({ length: count }, () => startWorker({ env: workerEnv })));
  };
  const stop = async () => {
    await Promise.all(workers.map((worker) => worker.stop(STOP_WITHIN_MS)));
    await service.child.stop(STOP_WITHIN_MS);
  };
  try {
    await putFaults(service.url, { seed: faultSeed, preset: faults });
    await startWorkers();
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    get processes() {
      const ofWorkers = workers.map(({ pid }) => ({ role: 'worker', pid }) as const);
      return [...ofWorkers, { role: 'services', pid: service.child.pid } as const];
    },
    startWorkers,
    async killWorkers() {
      await Promise.all(workers.map((worker) => worker.kill()));
    },
    stop,
  };
}

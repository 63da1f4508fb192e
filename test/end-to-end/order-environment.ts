import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import type { temporal } from '@temporalio/proto';
import { NativeConnection } from '@temporalio/worker';
import { type Guarantee, lateWatchId } from 'exactly-one';
import type { LateWatchResult, OrderPhase, OrderProgress, OrderResult } from '../../src/contracts/order.ts';
import { messages } from '../../src/contracts/workflow-names.ts';
import { WaitTimeoutError, waitUntil } from '../../src/platform/processes/wait-until.ts';
import { submitOrder } from '../../src/starter/order.ts';
import { createWorker, type WorkerExtensions, type WorkerSettings } from '../../src/worker/create-worker.ts';
import { workflowBundle } from '../../src/worker/workflow-bundle.ts';
import { UNREACHABLE_URL } from '../../testbed/processes.ts';
import { startScriptedTicketSystem } from './scripted-ticket-system.ts';
import { type Ending, endingOf, type OrderEnding, stateOf } from './workflow-endings.ts';
import '../../testbed/test-runtime.ts';

export type HistoryEvent = temporal.api.history.v1.IHistoryEvent;

/** Short enough for tests, long enough for two busy processors. */
export const TIMINGS = {
  createDeadlineMs: 5_000,
  clockSkewMs: 100,
  settleMs: 400,
  lateWatchMs: [300, 500],
} as const;

const WAIT_TIMEOUT_MS = 90_000;

export interface EnvironmentOptions extends Partial<WorkerSettings> {
  /** Default the Temporal server of this test run. */
  readonly temporalAddress?: string;
  /** False if the test starts its workers itself; default true. */
  readonly withWorker?: boolean;
  readonly extensions?: WorkerExtensions;
}

/** What a test needs to run orders: a task queue on a real Temporal server, and a worker that calls this ticket system. */
export async function createOrderEnvironment(ticketSystemUrl: string, options: EnvironmentOptions = {}) {
  const {
    temporalAddress = process.env.TEST_TEMPORAL_ADDRESS ?? '',
    withWorker = true,
    extensions = {},
    ...settings
  } = options;
  const id = randomUUID().slice(0, 8);
  const taskQueue = `orders-${id}`;
  const connection = await Connection.connect({ address: temporalAddress });
  const native = await NativeConnection.connect({ address: temporalAddress });
  const client = new Client({ connection });

  const workers: { stop(): Promise<void> }[] = [];
  const startWorker = async (queue = taskQueue) => {
    const worker = await createWorker({
      connection: native,
      namespace: 'default',
      workflowBundle: await workflowBundle(),
      settings: {
        taskQueue: queue,
        ticketSystemUrl,
        accountApiUrl: UNREACHABLE_URL,
        ...TIMINGS,
        searchAttributes: true,
        ...settings,
      },
      extensions,
    });
    const running = worker.run();
    const started = {
      async stop() {
        if (worker.getState() === 'RUNNING') worker.shutdown();
        await running;
      },
    };
    workers.push(started);
    return started;
  };
  if (withWorker) await startWorker();

  /** Waits for something to happen to an order; when it does not, the error describes the state of the order. */
  const untilOrder = async <T>(orderId: string, what: string, attempt: () => Promise<T | false> | T | false) => {
    try {
      return await within(`order ${orderId}: ${what}`, attempt);
    } catch (error) {
      if (!(error instanceof WaitTimeoutError)) throw error;
      throw new Error(`${error.message}; its state: ${await stateOf(client, orderId)}`, { cause: error });
    }
  };

  const ending = (orderId: string): Promise<OrderEnding> =>
    untilOrder(orderId, 'its end', () => endingOf<OrderResult>(client, orderId));

  /** How the late watch ended that the latest run of an order started; undefined if it started none. */
  const watchEnding = async (orderId: string): Promise<Ending<LateWatchResult> | undefined> => {
    const { runId } = await client.workflow.getHandle(orderId).describe();
    const watchId = lateWatchId(orderId, runId);
    if (!started(await history(orderId)).includes(watchId)) return undefined;
    return untilOrder(watchId, 'its end', () => endingOf<LateWatchResult>(client, watchId));
  };

  const history = async (workflowId: string, runId?: string): Promise<readonly HistoryEvent[]> =>
    (await client.workflow.getHandle(workflowId, runId).fetchHistory()).events ?? [];

  return {
    client,
    taskQueue,
    address: temporalAddress,
    /** An id that is unique to this test. */
    orderId: (name: string) => `${name}-${id}`,
    startWorker,
    submit: (orderId: string) => submitOrder(client, taskQueue, orderId),
    ending,
    watchEnding,
    history,
    /** Waits until the order and its late watch have ended. */
    async quiescence(orderId: string): Promise<OrderEnding> {
      const ended = await ending(orderId);
      await watchEnding(orderId);
      return ended;
    },
    progress: (orderId: string) => client.workflow.getHandle(orderId).query<OrderProgress>(messages.orderProgress),
    untilOrder,
    /** Waits until an order reports this phase. */
    untilPhase: (orderId: string, phase: OrderPhase) =>
      untilOrder(orderId, phase, async () => {
        const progress = await client.workflow.getHandle(orderId).query<OrderProgress>(messages.orderProgress);
        return progress.phase === phase;
      }),
    cancel: (orderId: string) => client.workflow.getHandle(orderId).cancel(),
    terminate: (orderId: string) => client.workflow.getHandle(orderId).terminate('by a test'),
    giveUp: (workflowId: string, reason: string) =>
      client.workflow.getHandle(workflowId).signal<[string]>(messages.giveUp, reason),
    async close() {
      await Promise.all(workers.map((worker) => worker.stop()));
      await native.close();
      await connection.close();
    },
  };
}

export type OrderEnvironment = Awaited<ReturnType<typeof createOrderEnvironment>>;

/** An environment with a scripted ticket system. */
export async function createScriptedEnvironment(
  guarantee: Guarantee,
  options: EnvironmentOptions & { tokenTtlMs?: number } = {},
) {
  const { tokenTtlMs = 60_000, ...environmentOptions } = options;
  const tickets = await startScriptedTicketSystem(guarantee, { tokenTtlMs });
  const environment = await createOrderEnvironment(tickets.url, environmentOptions);
  return {
    ...environment,
    tickets,
    /** Submits an order and waits for its quiescence. */
    async run(orderId: string): Promise<OrderEnding> {
      await environment.submit(orderId);
      return environment.quiescence(orderId);
    },
    async close() {
      await environment.close();
      await tickets.stop();
    },
  };
}

export type ScriptedEnvironment = Awaited<ReturnType<typeof createScriptedEnvironment>>;

/** Waits for up to 90 s: seconds suffice, unless the machine is busy. */
export function within<T>(what: string, attempt: () => Promise<T | undefined | false> | T | undefined | false) {
  return waitUntil(attempt, { what, timeoutMs: WAIT_TIMEOUT_MS, everyMs: 100, retryable: () => false });
}

/** The ids of the child workflows that a history has started. */
export function started(events: readonly HistoryEvent[]): readonly string[] {
  return events.flatMap(({ startChildWorkflowExecutionInitiatedEventAttributes: child }) =>
    child?.workflowId ? [child.workflowId] : [],
  );
}

import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { COURIER, createCourier } from './courier.fixture.ts';
import { expectExactlyOne } from './index.ts';

// A run of its own process, in which no order ever gets a list. It prints how it fails and what it leaves behind.
const { TEMPORAL_ADDRESS: address = '', CODE_PATH = '' } = process.env;
const timings = { createDeadlineMs: 1_000, clockSkewMs: 100, settleMs: 200, lateWatchMs: [500] };
const workers: ChildProcess[] = [];
let taskQueue = '';
const failure = await expectExactlyOne({
  address,
  functions: createCourier,
  service: COURIER,
  ...{ guarantee: 'none', timings, orders: 16, timeoutMs: 20_000 },
  // Without a list there is no second create, so the second crash is still waited for at the end.
  crashes: 2,
  faults: { decide: (point) => (point === 'list' ? { kind: 'error' } : undefined) },
  input: () => undefined,
  workflow: 'bookCourier',
  workflowInput: () => ({ guarantee: 'none', timings }),
  startWorker(settings) {
    taskQueue = settings.taskQueue;
    const worker = spawn(
      process.execPath,
      ['scripts/run.mjs', fileURLToPath(new URL('./courier-worker.fixture.ts', import.meta.url))],
      {
        stdio: ['ignore', 'ignore', 'pipe'],
        env: {
          ...process.env,
          TEMPORAL_DEBUG: 'true',
          ...{ TASK_QUEUE: taskQueue, SERVICE_URL: settings.serviceUrl, CODE_PATH },
        },
      },
    );
    workers.push(worker);
    return worker;
  },
}).then(
  () => 'it has not failed',
  (error: unknown) => String(error),
);

const connection = await Connection.connect({ address });
const { count } = await new Client({ connection }).workflow.count(
  `TaskQueue = '${taskQueue}' AND ExecutionStatus = 'Running'`,
);
await connection.close();
const alive = workers.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null).length;
console.log(JSON.stringify({ failure, open: Number(count), alive }));

import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { dataConverter } from '../activities/index.ts';
import { ACCEPTING_COURIER, COURIER, createCourier } from './courier.fixture.ts';
import type { bookCourier } from './courier-workflow.fixture.ts';
import { type ExpectExactlyOneOptions, expectExactlyOne } from './index.ts';

const TIMINGS = { createDeadlineMs: 1_500, clockSkewMs: 100, settleMs: 500, lateWatchMs: [1_000] };
const here = (file: string) => fileURLToPath(new URL(file, import.meta.url));
/** This repository runs TypeScript through a script. */
const RUN_WORKER = ['scripts/run.mjs', here('./courier-worker.fixture.ts')];

let folder: string;
let codePath: string;
beforeAll(async () => {
  const { code } = await bundleWorkflowCode({
    workflowsPath: here('./courier-workflow.fixture.ts'),
    ...dataConverter,
    logger: new DefaultLogger('WARN'),
  });
  folder = await mkdtemp(path.join(tmpdir(), 'expect-exactly-one-'));
  codePath = path.join(folder, 'workflows.js');
  await writeFile(codePath, code);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

type Options = ExpectExactlyOneOptions<typeof bookCourier, unknown>;

function options({ guarantee, timings, ...more }: Pick<Options, 'guarantee' | 'timings'> & Partial<Options>): Options {
  return {
    address: process.env.TEST_TEMPORAL_ADDRESS ?? '',
    functions: createCourier,
    service: COURIER,
    ...{ guarantee, timings, orders: 4 },
    input: () => undefined,
    workflow: 'bookCourier',
    workflowInput: () => ({ guarantee, timings }),
    startWorker: ({ address, taskQueue, serviceUrl }) =>
      spawn(process.execPath, RUN_WORKER, {
        stdio: ['ignore', 'ignore', 'pipe'],
        env: {
          ...process.env,
          // Saves each worker a thread, and with it a second.
          TEMPORAL_DEBUG: 'true',
          ...{ TEMPORAL_ADDRESS: address, TASK_QUEUE: taskQueue, SERVICE_URL: serviceUrl, CODE_PATH: codePath },
        },
      }),
    // On a busy machine.
    timeoutMs: 220_000,
    ...more,
  };
}

test.concurrent('orders get exactly one item from a service that keeps deadlines, and accepts creates', async () => {
  const timings = { ...TIMINGS, acceptWithinMs: 1_000 };
  const run = options({ guarantee: 'deadline', timings, service: { ...ACCEPTING_COURIER, alwaysAccepts: true } });
  const { completed, cancelled, rejected, ...counts } = await expectExactlyOne(run);
  expect(completed + cancelled + rejected).toBe(4);
  // Nothing ever has to be voided, unless its order was cancelled.
  expect(counts).toMatchObject({ orders: 4, crashes: 1, duplicates: 0, exactlyOne: completed });
});

test.concurrent('orders get exactly one item from a service that keeps keys and deadlines', async () => {
  const run = options({ guarantee: 'idempotency-key', timings: TIMINGS, crashes: 0 });
  const { completed, cancelled, rejected, ...counts } = await expectExactlyOne(run);
  expect(completed + cancelled + rejected).toBe(4);
  expect(counts).toMatchObject({ orders: 4, crashes: 0, duplicates: 0, exactlyOne: completed });
});

test.concurrent('a run that takes too long says why its orders are open, and leaves nothing behind', async () => {
  const env = { ...process.env, TEMPORAL_ADDRESS: process.env.TEST_TEMPORAL_ADDRESS, CODE_PATH: codePath };
  const program = ['scripts/run.mjs', here('./failing-run.fixture.ts')];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, program, { env });
  const { failure, ...left } = JSON.parse(stdout);
  expect(failure).toMatch(
    /the orders have not all ended within timeoutMs, 20000 ms, which can be raised; still open:(\n- order-[^\n]+){3}\n- and 13 more$/,
  );
  expect(failure).toMatch(/^- order-\w+-\d+: [^;]+; list, attempt \d+, failed: /m);
  expect(left).toEqual({ open: 0, alive: 0 });
  // Such as one of an event emitter with too many listeners.
  expect(stderr).not.toContain('Warning');
});

test.concurrent('a workflow that the worker does not have is named at once', async () => {
  const run = options({
    guarantee: 'deadline',
    timings: TIMINGS,
    orders: 1,
    seed: 3,
    crashes: 0,
    workflow: 'bookTaxi',
  });
  await expect(expectExactlyOne(run)).rejects.toThrow(
    /cannot run: .*'bookTaxi': no such function is exported by the workflow bundle/,
  );
});

test.each<readonly [what: string, wrong: Partial<Options>, message: string]>([
  ['no orders', { orders: 0 }, 'orders must be a whole number from 1 up, but is 0'],
  ['half a crash', { crashes: 0.5 }, 'crashes must be a whole number from 0 up, but is 0.5'],
  [
    'an acceptance without a bound',
    { service: ACCEPTING_COURIER },
    'timings.acceptWithinMs must be the time within which it finishes them, in milliseconds, but is 0',
  ],
  [
    'a bound without an acceptance',
    { timings: { ...TIMINGS, acceptWithinMs: 1_000 } },
    'timings.acceptWithinMs is 1000, so the service must say how it responds when it accepts a create',
  ],
])('%s is refused before anything is started', async (_, wrong, message) => {
  const run = expectExactlyOne({ ...options({ guarantee: 'none', timings: TIMINGS }), ...wrong });
  await expect(run).rejects.toThrow(message);
});

import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type ExpectExactlyOneOptions, expectExactlyOne } from 'exactly-one/testing';
import { createCarrier } from './carrier.ts';
import { CARRIER } from './carrier-mapping.ts';
import { TIMINGS } from './timings.ts';
import { bundleWorkflows } from './worker.ts';
import type { labelParcel } from './workflow.ts';

let folder: string;
let workflowBundle: string;
beforeAll(async () => {
  const { code } = await bundleWorkflows('./forgets-resumed.fixture.ts');
  folder = await mkdtemp(path.join(tmpdir(), 'shipping-labels-'));
  workflowBundle = path.join(folder, 'workflows.js');
  await writeFile(workflowBundle, code);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** This repository runs TypeScript through a script. */
const RUN_WORKER = ['scripts/run.mjs', 'examples/shipping-labels/worker-main.ts'];

function options(workflow: string): ExpectExactlyOneOptions<typeof labelParcel, unknown> {
  return {
    address: process.env.TEST_TEMPORAL_ADDRESS ?? '127.0.0.1:7233',
    functions: createCarrier,
    service: CARRIER,
    guarantee: 'none',
    input: () => ({}),
    workflow,
    workflowInput: () => ({ guarantee: 'none', timings: TIMINGS }),
    itemIdOf: ({ trackingNumber }) => trackingNumber,
    timings: TIMINGS,
    startWorker: ({ address, taskQueue, serviceUrl }) =>
      spawn(process.execPath, RUN_WORKER, {
        env: {
          ...process.env,
          // Saves each worker a thread, and with it a second.
          TEMPORAL_DEBUG: 'true',
          ...{ TEMPORAL_ADDRESS: address, TASK_QUEUE: taskQueue },
          ...{ SERVICE_URL: serviceUrl, WORKFLOW_BUNDLE: workflowBundle },
        },
        stdio: ['ignore', 'ignore', 'pipe'],
      }),
    // On a busy machine.
    timeoutMs: 220_000,
  };
}

test.concurrent('every parcel gets exactly one label, under faults and although the worker is killed', async () => {
  const summary = await expectExactlyOne(options('labelParcel'));
  expect(summary).toMatchObject({ orders: 8, crashes: 1, duplicates: 0 });
  const { completed, cancelled, rejected, exactlyOne, creates } = summary;
  expect(completed + cancelled + rejected).toBe(8);
  expect(exactlyOne).toBe(completed);
  expect(creates).toBeGreaterThan(8);
});

test.concurrent('a workflow that forgets that it follows a run without a result is caught', async () => {
  const calm = { decide: () => undefined };
  // With this seed the first order is the one that is terminated.
  const run = expectExactlyOne({ ...options('labelParcelAnew'), orders: 1, seed: 4, crashes: 0, faults: calm });
  await expect(run).rejects.toThrow(
    /1 of 1 orders \(seed 4\) are wrong:\n- \S+ returned ITEM-\S+ and must have exactly one item; live: ITEM-\S+, ITEM-\S+ \(terminated/,
  );
});

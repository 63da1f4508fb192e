import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect } from '@jest/globals';
import { type ExpectExactlyOneOptions, expectExactlyOne } from 'exactly-one/testing';
import { testConcurrently } from '../../testbed/concurrent-tests.ts';
import '../../testbed/test-runtime.ts';
import { createCarrier } from './carrier.ts';
import { CARRIER } from './demo/carrier-mapping.ts';
import { TIMINGS } from './demo/timings.ts';
import { bundleWorkflows } from './worker.ts';
import type { labelParcel } from './workflow.ts';

let folder: string;
let codePath: string;
beforeAll(async () => {
  const { code } = await bundleWorkflows('./forgets-resumed.fixture.ts');
  folder = await mkdtemp(path.join(tmpdir(), 'expect-exactly-one-'));
  codePath = path.join(folder, 'workflows.js');
  await writeFile(codePath, code);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** On a busy machine. */
const TIMEOUT_MS = 220_000;
const RUN_WORKER = ['scripts/run.mjs', 'examples/shipping-labels/demo/worker-main.ts'];

function options(workflow: string): ExpectExactlyOneOptions<typeof labelParcel, unknown> {
  return {
    address: process.env.TEST_TEMPORAL_ADDRESS ?? '',
    functions: createCarrier,
    service: CARRIER,
    guarantee: 'none',
    input: () => ({}),
    workflow,
    workflowInput: () => ({ guarantee: 'none', timings: TIMINGS }),
    itemIdOf: ({ trackingNumber }) => trackingNumber,
    timings: TIMINGS,
    startWorker: ({ address, taskQueue, serviceUrl }) =>
      spawn(process.execPath, [...RUN_WORKER, address, taskQueue, serviceUrl, codePath], {
        stdio: ['ignore', 'ignore', 'inherit'],
      }),
  };
}

testConcurrently({
  'expectExactlyOne passes': {
    async 'for the right functions and workflow, with a worker that is killed, under seeded faults'() {
      const summary = await expectExactlyOne({ ...options('labelParcel'), timeoutMs: TIMEOUT_MS });
      expect(summary).toMatchObject({ orders: 8, crashes: 1, duplicates: 0 });
      const { completed, cancelled, rejected, exactlyOne, creates } = summary;
      expect(completed + cancelled + rejected).toBe(8);
      expect(exactlyOne).toBe(completed);
      expect(creates).toBeGreaterThan(8);
    },
  },
  'expectExactlyOne fails': {
    async 'for a workflow that forgets that it follows a run without a result'() {
      const calm = { decide: () => undefined };
      // With this seed the first order is the one that is terminated.
      const run = expectExactlyOne({
        ...options('labelParcelAnew'),
        orders: 1,
        seed: 4,
        crashes: 0,
        faults: calm,
        timeoutMs: TIMEOUT_MS,
      });
      await expect(run).rejects.toThrow(
        /1 of 1 orders \(seed 4\) are wrong:\n- \S+ returned ITEM-\S+ and must have exactly one item; live: ITEM-\S+, ITEM-\S+ \(terminated/,
      );
    },
  },
});

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pLimit from 'p-limit';
import { TRANSFER_STEPS, type TransferResult, type TransferStep } from '../../src/contracts/transfer.ts';
import { freePort } from '../../src/platform/processes/free-port.ts';
import { MINIMAL_ENVIRONMENT } from '../../src/platform/processes/minimal-environment.ts';
import type { Child } from '../../src/platform/processes/start-child.ts';
import { waitUntil } from '../../src/platform/processes/wait-until.ts';
import { ACCOUNT_PRESETS } from '../../src/services/faults/account-faults.ts';
import type { FaultRule } from '../../src/services/faults/fault-rules.ts';
import { type Ending, endingOf } from '../../src/starter/ending.ts';
import { submitTransfer } from '../../src/starter/submit-transfer.ts';
import { transferKind } from '../../src/starter/transfer.ts';
import { startService, UNREACHABLE_URL } from '../../testbed/processes.ts';
import { putFaults } from '../../testbed/put-faults.ts';
import { auditTransfers } from '../../testbed/transfer-audit.ts';
import { currentStep } from './current-transfer-step.ts';
import { createOrderEnvironment } from './order-environment.ts';
import { startWorkerProcess } from './worker-process.ts';

const SEED = 112_358;
const TRANSFERS = 200;
/** More transfers are submitted while there is none in the first steps. */
const FRESH_TRANSFERS = 3;
const limit = pLimit(20);
const CALLS_AT_ONCE = 10;
const EVERY_STEP_WITHIN_MS = 150_000;

/** The faults change from the first preset to the second while transfers are under way. */
const PRESETS = [
  {
    preset: 'real-world',
    faults: ACCOUNT_PRESETS['real-world'],
    // No deposit is rejected, so nothing has to be refunded.
    steps: TRANSFER_STEPS.filter((step) => step !== 'refund'),
  },
  {
    preset: 'hostile',
    // More deposits are rejected than in the preset, so that refunds are under way at any moment.
    faults: ACCOUNT_PRESETS.hostile.map((rule) =>
      rule.point === 'account.deposit.reject' ? { ...rule, probability: 0.4 } : rule,
    ),
    steps: TRANSFER_STEPS,
  },
];

const KILLS = [
  { killed: 'the worker', worker: true, api: false },
  { killed: 'the account API and the worker', worker: true, api: true },
  { killed: 'the account API', worker: false, api: true },
];

let system: Awaited<ReturnType<typeof startTransferSystem>>;
beforeAll(async () => {
  system = await startTransferSystem(ACCOUNT_PRESETS['real-world']);
  await limit.map(Array.from({ length: TRANSFERS }), () => system.submit());
});
afterAll(() => system?.close());

describe.each(PRESETS)('with the faults of the preset $preset, transfers of both directions', ({ faults, steps }) => {
  test.each(KILLS)(
    'lose no money and move none twice after a SIGKILL of $killed while there is a transfer in every step',
    async ({ worker, api }) => {
      await system.setFaults(faults);
      const inEveryStep = async () => {
        const missing = await system.missingSteps(steps);
        if (missing.has('check balances') || missing.has('withdraw')) {
          await Promise.all(Array.from({ length: FRESH_TRANSFERS }, () => system.submit()));
        }
        return missing.size === 0;
      };
      await waitUntil(inEveryStep, {
        what: `transfers in each of the steps ${steps.join(', ')} at once`,
        timeoutMs: EVERY_STEP_WITHIN_MS,
        everyMs: 250,
        retryable: () => false,
      });
      await Promise.all([worker && system.killWorker(), api && system.killApi()]);
      expect((await auditTransfers(system.journal)).problems).toEqual([]);
      if (api) await system.startApi();
      if (worker) await system.startWorker();
    },
  );
});

test('in the end each transfer has moved its amount once and no money is lost', async () => {
  await system.setFaults([]);
  const endings = await system.endings();

  const { steps: made, problems } = await auditTransfers(system.journal);
  expect(problems).toEqual([]);
  // A transfer may be refused: the others decide whether its source holds enough at that moment.
  expect(endings.filter((each) => each.kind === 'no result' && each.code !== 'TRANSFER_REFUSED')).toEqual([]);
  const results = endings.flatMap((each) => (each.kind === 'result' ? [each.result] : []));
  expect(made.size).toBe(results.length);
  for (const { transferId, status } of results) {
    expect(made.get(transferId)).toEqual(['withdraw', status === 'completed' ? 'deposit' : 'refund']);
  }
  expect(new Set(results.map(({ status }) => status))).toEqual(new Set(['completed', 'refunded']));
});

/** An account API and a worker in processes that can be killed, and the transfers that were submitted to them. */
async function startTransferSystem(initialFaults: readonly FaultRule[]) {
  const databaseDir = await mkdtemp(path.join(tmpdir(), 'transfers-under-faults-'));
  const environment = await createOrderEnvironment(UNREACHABLE_URL, { withWorker: false });
  const port = await freePort();
  const apiUrl = `http://127.0.0.1:${port}`;
  const open = new Set<string>();
  const ending: Promise<Ending<TransferResult>>[] = [];
  let faults = initialFaults;
  let api: Child;
  let worker: Child;

  const startApi = async () => {
    const env = { ...MINIMAL_ENVIRONMENT, LOG_LEVEL: 'error', DATABASE_DIR: databaseDir };
    ({ child: api } = await startService({ service: 'account API', port, env }));
    await setFaults(faults);
  };
  const setFaults = async (rules: readonly FaultRule[]) => {
    faults = rules;
    await putFaults(apiUrl, { seed: SEED, rules });
  };
  const startWorker = async () => {
    const { address: temporalAddress, taskQueue } = environment;
    const started = await startWorkerProcess({ temporalAddress, taskQueue, accountApiUrl: apiUrl, logLevel: 'info' });
    worker = started.child;
  };
  await startApi();
  await startWorker();

  return {
    journal: path.join(databaseDir, 'accounts', 'journal.jsonl'),
    startApi,
    startWorker,
    killApi: () => api.kill(),
    killWorker: () => worker.kill(),
    async submit() {
      const index = ending.length;
      const transferId = environment.orderId(`t${index}`);
      open.add(transferId);
      const submitted = submitTransfer(environment.client, environment.taskQueue, transferId, termsOf(index));
      ending.push(
        submitted.then(({ handle }) => endingOf(transferKind, handle)).finally(() => open.delete(transferId)),
      );
      await submitted;
    },
    setFaults,
    endings: () => Promise.all(ending),
    /** The steps in which no transfer is now, according to the latest open transfers and a sample of the earlier ones. */
    async missingSteps(steps: readonly TransferStep[]): Promise<ReadonlySet<TransferStep>> {
      const latestFirst = [...open].reverse();
      const sample = latestFirst.filter((_, index) => index < 20 || index % 8 === 0);
      const missing = new Set(steps);
      for (let index = 0; index < sample.length && missing.size > 0; index += CALLS_AT_ONCE) {
        const current = await Promise.all(
          sample.slice(index, index + CALLS_AT_ONCE).map((id) => currentStep(environment.client, id)),
        );
        for (const step of current) if (step !== undefined) missing.delete(step);
      }
      return missing;
    },
    async close() {
      await worker.stop(10_000);
      await environment.close();
      await api.stop(10_000);
      await rm(databaseDir, { recursive: true });
    },
  };
}

/** Transfers go in both directions, and their amounts differ. */
function termsOf(index: number) {
  const [from, to] = index % 2 === 0 ? ['account_A', 'account_B'] : ['account_B', 'account_A'];
  return { from, to, amountCents: 1 + ((index * 37) % 250) };
}

import { afterAll, expect, test } from '@jest/globals';
import pLimit from 'p-limit';
import { TRANSFER_STEPS, type TransferResult } from '../../src/contracts/transfer.ts';
import { ACCOUNT_PRESETS } from '../../src/services/faults/account-presets.ts';
import type { FaultRule } from '../../src/services/faults/fault-rules.ts';
import { type Ending, endingOf } from '../../src/starter/ending.ts';
import { progressOf } from '../../src/starter/progress.ts';
import { submitTransfer } from '../../src/starter/submit-transfer.ts';
import { transferKind } from '../../src/starter/transfer.ts';
import { putFaults } from '../../testbed/operate-service.ts';
import { startAccountApiProcess } from './account-api-process.ts';
import { auditMoney } from './money-audit.ts';
import { createOrderWorld, type OrderWorld, within } from './order-world.ts';
import { startWorkerProcess } from './worker-process.ts';

const TRANSFERS = 200;
const SEED = 112_358;
/** The retries of the last few transfers take their time. */
const LONGEST_MS = 120_000;

const closing: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  for (const close of closing.reverse()) await close();
});

/** Transfers in both directions, of amounts that differ. */
const termsOf = (index: number) => ({
  ...(index % 2 === 0 ? { from: 'account_A', to: 'account_B' } : { from: 'account_B', to: 'account_A' }),
  amountCents: 1 + ((index * 37) % 250),
});

/** The steps in which the latest of these transfers are at this moment, and some of those before. */
async function stepsNow(world: OrderWorld, transferIds: Iterable<string>): Promise<ReadonlySet<string>> {
  const limit = pLimit(20);
  const latestFirst = [...transferIds].reverse();
  const asked = latestFirst.filter((_, index) => index < 20 || index % 8 === 0);
  const progress = await Promise.all(asked.map((id) => limit(() => progressOf(world.client, transferKind, id))));
  return new Set(progress.flatMap((each) => each?.currentStep ?? []));
}

/** What is killed in each world, one after the other, each time while transfers are in every step of that world at once. */
const KILLS = [
  { api: false, worker: true },
  { api: true, worker: true },
  { api: true, worker: false },
];

const WORLDS: readonly {
  readonly preset: string;
  readonly rules: readonly FaultRule[];
  readonly steps: readonly string[];
}[] = [
  {
    preset: 'real-world',
    rules: ACCOUNT_PRESETS['real-world'],
    // No deposit is rejected there, so that nothing is to be refunded.
    steps: TRANSFER_STEPS.filter((step) => step !== 'refund'),
  },
  {
    preset: 'hostile',
    // So many deposits are rejected that refunds are under way at any time.
    rules: ACCOUNT_PRESETS.hostile.map((rule) =>
      rule.point === 'account.deposit.reject' ? { ...rule, probability: 0.4 } : rule,
    ),
    steps: TRANSFER_STEPS,
  },
];

test(
  `${TRANSFERS} transfers at a time, in a real and then in a hostile world, with API and worker killed at every step, ` +
    'move each amount once and lose none',
  async () => {
    const api = await startAccountApiProcess({ preset: 'real-world', seed: SEED });
    closing.push(api.stop);
    const world = await createOrderWorld('http://127.0.0.1:9', { withWorker: false });
    closing.push(world.close);
    const startWorker = () =>
      startWorkerProcess({
        temporalAddress: world.address,
        taskQueue: world.taskQueue,
        accountApiUrl: api.url,
        logLevel: 'info',
      });
    let worker = await startWorker();
    closing.push(() => worker.child.stop(10_000));

    const open = new Set<string>();
    const ending: Promise<Ending<TransferResult>>[] = [];
    const submit = async () => {
      const index = ending.length;
      const transferId = world.orderId(`t${index}`);
      open.add(transferId);
      const submitted = submitTransfer(world.client, world.taskQueue, transferId, termsOf(index));
      ending.push(
        submitted.then(({ handle }) => endingOf(transferKind, handle)).finally(() => open.delete(transferId)),
      );
      await submitted;
    };

    const limit = pLimit(20);
    await Promise.all(Array.from({ length: TRANSFERS }, () => limit(submit)));
    for (const { preset, rules, steps } of WORLDS) {
      for (const killed of KILLS) {
        await putFaults(api.url, { seed: SEED, rules });
        await within(`transfers in each of the steps ${steps} at once`, async () => {
          const now = await stepsNow(world, open);
          if (steps.every((step) => now.has(step))) return true;
          await submit();
          return false;
        });
        await Promise.all([killed.api && api.kill(), killed.worker && worker.child.kill()]);
        expect((await auditMoney(api.journal)).wrong).toEqual([]);
        if (killed.api) await api.restart(preset);
        if (killed.worker) worker = await startWorker();
      }
    }
    await putFaults(api.url, { seed: SEED, rules: [] });
    const endings = await Promise.all(ending);

    const { moves, wrong } = await auditMoney(api.journal);
    expect(wrong).toEqual([]);
    const results = endings.flatMap((each) => (each.kind === 'result' ? [each.result] : []));
    // Whether a source had enough at its turn depends on the others.
    expect(endings.filter((each) => each.kind === 'no result' && each.code !== 'TRANSFER_REFUSED')).toEqual([]);
    expect(moves.size).toBe(results.length);
    for (const { transferId, status } of results) {
      expect(moves.get(transferId)).toEqual(['withdraw', status === 'completed' ? 'deposit' : 'refund']);
    }
    expect(new Set(results.map(({ status }) => status))).toEqual(new Set(['completed', 'refunded']));
  },
  LONGEST_MS,
);

import { readFile } from 'node:fs/promises';
import { afterAll, expect, test } from '@jest/globals';
import pLimit from 'p-limit';
import { TRANSFER_STEPS, transferWorkflowId } from '../../src/contracts/transfer.ts';
import { messages } from '../../src/contracts/workflow-messages.ts';
import { putFaults } from '../../src/demos/operate-service.ts';
import { ACCOUNT_PRESETS } from '../../src/faults/account-presets.ts';
import type { FaultRule } from '../../src/faults/fault-rules.ts';
import { queryWithin } from '../../src/starter/query-within.ts';
import { submitTransfer } from '../../src/starter/submit-transfer.ts';
import { type TransferEnding, transferEndingOf } from '../../src/starter/transfer-ending.ts';
import { type AccountApiProcess, startAccountApiProcess } from './account-api-process.ts';
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
  const progress = await Promise.all(
    asked.map((id) =>
      limit(() =>
        queryWithin<{ currentStep?: string }>(world.client, transferWorkflowId(id), messages.transferProgress),
      ),
    ),
  );
  return new Set(progress.flatMap((each) => each?.currentStep ?? []));
}

/**
 * What is killed, one after the other, in a real and then in a hostile world: the second time while transfers are in every
 * step that it has not met.
 */
const KILLS = [
  { api: false, worker: true },
  { api: true, worker: true },
  { api: true, worker: false },
];

/** The preset `hostile`, but that so many deposits are refused that refunds are under way at any time. */
const HOSTILE: readonly FaultRule[] = ACCOUNT_PRESETS.hostile.map((rule) =>
  rule.point === 'account.deposit.reject' ? { ...rule, probability: 0.4 } : rule,
);

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
    const ending: Promise<TransferEnding>[] = [];
    const submit = async () => {
      const index = ending.length;
      const transferId = world.orderId(`t${index}`);
      open.add(transferId);
      const submitted = submitTransfer(world.client, world.taskQueue, transferId, termsOf(index));
      ending.push(
        submitted.then(({ handle }) => transferEndingOf(transferId, handle)).finally(() => open.delete(transferId)),
      );
      await submitted;
    };
    const kill = async ({ api: killsApi, worker: killsWorker }: (typeof KILLS)[number], preset: string) => {
      await Promise.all([killsApi && api.kill(), killsWorker && worker.child.kill()]);
      expect((await auditMoney(api.journal)).wrong).toEqual([]);
      if (killsApi) await api.restart(preset);
      if (killsWorker) worker = await startWorker();
    };

    const limit = pLimit(20);
    await Promise.all(Array.from({ length: TRANSFERS }, () => limit(submit)));
    await within('the first withdrawals', async () => (await linesOf(api)) >= 30);
    const met: ReadonlySet<string>[] = [];
    for (const killed of KILLS) {
      met.push(await stepsNow(world, open));
      await kill(killed, 'real-world');
    }

    for (const [index, killed] of KILLS.entries()) {
      await putFaults(api.url, { seed: SEED, rules: HOSTILE });
      const missing = TRANSFER_STEPS.filter((step) => !met[index]?.has(step));
      await within(`transfers that are at once in the steps ${missing}`, async () => {
        await submit();
        const now = await stepsNow(world, open);
        return missing.every((step) => now.has(step));
      });
      await kill(killed, 'hostile');
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

async function linesOf({ journal }: AccountApiProcess): Promise<number> {
  return (await readFile(journal, 'utf8')).split('\n').length - 1;
}

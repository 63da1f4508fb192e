import { readFile } from 'node:fs/promises';
import { afterAll, expect, test } from '@jest/globals';
import pLimit from 'p-limit';
import { TRANSFER_STEPS, transferWorkflowId } from '../../src/contracts/transfer.ts';
import { messages } from '../../src/contracts/workflow-messages.ts';
import { queryWithin } from '../../src/starter/query-within.ts';
import { submitTransfer } from '../../src/starter/submit-transfer.ts';
import { transferEndingOf } from '../../src/starter/transfer-ending.ts';
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

/** The steps in which some of the transfers are at this moment: each look asks others. */
async function stepsNow(world: OrderWorld, transferIds: readonly string[], look: number): Promise<readonly string[]> {
  const limit = pLimit(20);
  const some = transferIds.filter((_, index) => index % 6 === look % 6);
  const progress = await Promise.all(
    some.map((id) =>
      limit(() =>
        queryWithin<{ currentStep?: string }>(world.client, transferWorkflowId(id), messages.transferProgress),
      ),
    ),
  );
  return progress.flatMap((each) => each?.currentStep ?? []);
}

/** Every transfer comes to these. */
const STEPS = TRANSFER_STEPS.filter((step) => step !== 'refund');

/**
 * What is killed when the journal has so many lines, and under which faults; the second time when it has met transfers in
 * every step. An API that is killed comes back with the faults of the next one, at last with none.
 */
const KILLS = [
  { atLines: 30, api: true, worker: false, faults: 'real-world' },
  { atLines: 60, api: false, worker: true, faults: 'real-world' },
  { atLines: 90, api: true, worker: true, faults: 'real-world' },
  { atLines: 150, api: true, worker: false, faults: 'hostile' },
  { atLines: 210, api: false, worker: true, faults: 'hostile' },
  { atLines: 270, api: true, worker: true, faults: 'hostile' },
];

test(
  `${TRANSFERS} transfers at a time, in a real and then in a hostile world, with API and worker killed again and again, ` +
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

    const transferIds = Array.from({ length: TRANSFERS }, (_, index) => world.orderId(`t${index}`));
    const limit = pLimit(20);
    const transfers = await Promise.all(
      transferIds.map((id, index) => limit(() => submitTransfer(world.client, world.taskQueue, id, termsOf(index)))),
    );
    const ending = Promise.all(transfers.map(({ transferId, handle }) => transferEndingOf(transferId, handle)));
    const metBy = new Map<string, ReadonlySet<string>>();
    let looks = 0;
    for (const [index, { atLines, faults, ...killed }] of KILLS.entries()) {
      await within(`${atLines} lines in the journal`, async () => (await linesOf(api)) >= atLines);
      const kind = JSON.stringify(killed);
      const before = metBy.get(kind);
      await within(`transfers in every step that ${kind} has not met`, async () => {
        looks += 1;
        const met = new Set([...(before ?? []), ...(await stepsNow(world, transferIds, looks))]);
        metBy.set(kind, met);
        return before === undefined || STEPS.every((step) => met.has(step));
      });
      await Promise.all([killed.api && api.kill(), killed.worker && worker.child.kill()]);
      expect((await auditMoney(api.journal)).wrong).toEqual([]);
      if (killed.api) await api.restart(KILLS[index + 1]?.faults ?? 'calm');
      if (killed.worker) worker = await startWorker();
    }
    const endings = await ending;

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
    expect(metBy.size).toBe(3);
    for (const met of metBy.values()) expect([...met]).toEqual(expect.arrayContaining(STEPS));
  },
  LONGEST_MS,
);

async function linesOf({ journal }: AccountApiProcess): Promise<number> {
  return (await readFile(journal, 'utf8')).split('\n').length - 1;
}

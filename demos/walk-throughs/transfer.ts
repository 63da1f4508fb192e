import { decimalOf } from '../../src/contracts/money.ts';
import type { TransferTerms } from '../../src/contracts/transfer.ts';
import { waitUntil } from '../../src/platform/processes/wait-until.ts';
import type { Narrator } from '../../testbed/narrator.ts';
import type { AccountApiOnStage, Stage } from '../../testbed/stage.ts';
import { auditTransfers, balancesIn, type TransferAudit } from '../../testbed/transfer-audit.ts';
import type { DemoOptions, DemoResult } from './options.ts';
import { followTransfers, submitTransfers } from './play-transfers.ts';
import { runMoveMoney } from './run-move-money.ts';

const TRANSFERS = 10;
const TERMS: TransferTerms = { from: 'account_A', to: 'account_B', amountCents: 1_000 };

/** Without Temporal money is moved half or twice. With it each transfer is made once, even though the worker is killed. */
export async function transfer(stage: Stage, narrator: Narrator, options: DemoOptions): Promise<DemoResult> {
  const { seed, faults = 'real-world', orders = TRANSFERS } = options;
  const api = await stage.startAccountApi();

  narrator.heading('Without Temporal');
  narrator.step('without faults');
  await runMoveMoney('move-money', api.url, narrator);
  narrator.step('killed in the middle: nothing records how far it got');
  await runMoveMoney('move-money', api.url, narrator, /^withdrew/);
  narrator.line(`         the journal: ${await balancesIn(api.journal)}`);
  await loseOneResponse(api);
  narrator.step('with retries, when the response to the withdrawal is lost after the commit');
  await withdrawTwice(api, narrator);
  const before = await auditTransfers(api.journal);

  narrator.heading('With Temporal');
  await api.setFaults({ seed, preset: faults });
  const worker = await stage.startWorker();
  const transfers = await submitTransfers(stage, orders, TERMS);
  narrator.step(
    `submitted ${orders} transfers of ${decimalOf(TERMS.amountCents)} each, faults ${faults}, seed ${seed}`,
  );
  await waitUntil(async () => (await auditTransfers(api.journal)).halfMoved > 0, {
    what: 'a transfer that has withdrawn and not yet deposited',
    timeoutMs: 60_000,
    everyMs: 10,
  });
  await worker.kill();
  const { halfMoved } = await auditTransfers(api.journal);
  const transfersHalfMoved = halfMoved === 1 ? '1 transfer' : `${halfMoved} transfers`;
  narrator.step(`killed worker ${worker.pid} (SIGKILL) with ${transfersHalfMoved} half moved`);
  const replacement = await stage.startWorker();
  narrator.step(`started worker ${replacement.pid}, which continues`);
  const endings = await followTransfers(stage, transfers, narrator);

  const after = await auditTransfers(api.journal);
  const lostCents = after.lostCents - before.lostCents;
  narrator.line();
  narrator.line(`the journal: ${await balancesIn(api.journal)}`);
  const finished = endings.filter((ending) => ending.kind === 'result').length;
  return verdict(orders, finished, { ...after, lostCents });
}

/** Half of all responses are lost; with this seed the first response to a withdrawal is, and the second is not. */
function loseOneResponse(api: AccountApiOnStage): Promise<void> {
  return api.setFaults({
    seed: 18,
    rules: [{ point: 'account.after-commit', kind: 'connection-reset', probability: 0.5 }],
  });
}

/** The retry succeeds, but so did the first attempt. */
async function withdrawTwice(api: AccountApiOnStage, narrator: Narrator): Promise<void> {
  const before = await balancesIn(api.journal);
  await runMoveMoney('move-money-retries', api.url, narrator);
  narrator.line(`         the journal before: ${before}; after: ${await balancesIn(api.journal)}`);
}

function verdict(orders: number, finished: number, audit: TransferAudit): DemoResult {
  const { steps, movedTwice, halfMoved, lostCents } = audit;
  return {
    ok: finished === orders && movedTwice === 0 && halfMoved === 0 && lostCents === 0,
    summary: `${orders} transfers, ${finished} finished, ${movedTwice} moved twice, ${halfMoved} half moved, ${decimalOf(lostCents)} lost`,
    details: { transfers: orders, finished, withdrawn: steps.size, movedTwice, halfMoved, lostCents },
  };
}

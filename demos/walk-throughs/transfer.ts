import { counted } from '../../src/contracts/counted.ts';
import { decimalOf } from '../../src/contracts/money.ts';
import type { TransferTerms } from '../../src/contracts/transfer.ts';
import { waitUntil } from '../../src/platform/processes/wait-until.ts';
import type { AccountApiOnStage, Stage } from '../../testbed/stage.ts';
import { auditTransfers, balancesIn, changeText, type TransferAudit } from '../../testbed/transfer-audit.ts';
import type { DemoNarrator } from './acts.ts';
import type { DemoOptions, DemoResult } from './options.ts';
import { followTransfers, submitTransfers } from './play-transfers.ts';
import { runMoveMoney } from './run-move-money.ts';

const TRANSFERS = 10;
const TERMS: TransferTerms = { from: 'account_A', to: 'account_B', amountCents: 1_000 };

/** Without Temporal money is moved half or twice. With it each transfer is made once, even though the worker is killed. */
export async function transfer(stage: Stage, narrator: DemoNarrator, options: DemoOptions): Promise<DemoResult> {
  const { seed, faults = 'real-world', orders = TRANSFERS } = options;
  const api = await stage.startAccountApi();

  await narrator.act('A plain script', 'It withdraws 100 and deposits 100. Nothing fails.');
  await showChange(api, narrator, () => runMoveMoney('move-money', api.url, narrator));

  await narrator.act('The same script, killed in the middle', 'Nothing records how far it got.');
  await showChange(api, narrator, () => runMoveMoney('move-money', api.url, narrator, /^withdrew/));

  await narrator.act(
    'A script that retries',
    'The account API withdraws the money, and its response is lost. The script does not know that and withdraws again.',
  );
  await loseOneResponse(api);
  await showChange(api, narrator, () => runMoveMoney('move-money-retries', api.url, narrator));
  const before = { audit: await auditTransfers(api.journal), balances: await balancesIn(api.journal) };

  await narrator.act(
    `${counted(orders, 'workflow')}, and a worker that is killed`,
    'A workflow repeats a call with the same idempotency key until the response is definite. Its worker is killed when money has left one account and has not reached the other.',
  );
  await api.setFaults({ seed, preset: faults });
  narrator.step(`faults ${faults}, seed ${seed}`);
  const worker = await narrator.during('starting a worker', stage.startWorker());
  const transfers = await submitTransfers(stage, orders, TERMS, narrator);
  await narrator.during('waiting for a transfer that is half moved', untilHalfMoved(api));
  await worker.kill();
  const { halfMoved } = await auditTransfers(api.journal);
  narrator.step(
    halfMoved === 0
      ? `killed worker ${worker.pid} (SIGKILL), but no transfer was half moved`
      : `killed worker ${worker.pid} (SIGKILL) with ${counted(halfMoved, 'transfer')} half moved`,
  );
  narrator.detail(changeText(before.balances, await balancesIn(api.journal), 'on the way'));

  await narrator.act('A new worker', 'It replays each history and continues with the step that is not finished.');
  const replacement = await narrator.during('starting a worker', stage.startWorker());
  narrator.step(`started worker ${replacement.pid}, which continues`);
  const endings = await followTransfers(stage, api, transfers, narrator);

  const after = await auditTransfers(api.journal);
  const lostCents = after.lostCents - before.audit.lostCents;
  narrator.step(`all transfers together: ${changeText(before.balances, await balancesIn(api.journal))}`);
  narrator.line();
  const finished = endings.filter((ending) => ending.kind === 'result').length;
  return verdict(orders, finished, { ...after, lostCents });
}

/** Runs a script and says how it has changed the balances, according to the journal of the account API. */
async function showChange(
  api: AccountApiOnStage,
  narrator: DemoNarrator,
  run: () => Promise<number | null>,
): Promise<void> {
  const before = await balancesIn(api.journal);
  await run();
  narrator.step(changeText(before, await balancesIn(api.journal)));
}

/** Half of all responses are lost; with this seed the first response to a withdrawal is, and the second is not. */
function loseOneResponse(api: AccountApiOnStage): Promise<void> {
  return api.setFaults({
    seed: 18,
    rules: [{ point: 'account.after-commit', kind: 'connection-reset', probability: 0.5 }],
  });
}

function untilHalfMoved(api: AccountApiOnStage): Promise<boolean> {
  return waitUntil(async () => (await auditTransfers(api.journal)).halfMoved > 0, {
    what: 'a transfer that has withdrawn and not yet deposited',
    timeoutMs: 60_000,
    everyMs: 10,
  });
}

function verdict(orders: number, finished: number, audit: TransferAudit): DemoResult {
  const { steps, movedTwice, halfMoved, lostCents } = audit;
  return {
    ok: finished === orders && movedTwice === 0 && halfMoved === 0 && lostCents === 0,
    summary: `${counted(orders, 'transfer')}, ${finished} finished, ${movedTwice} moved twice, ${halfMoved} half moved, ${decimalOf(lostCents)} lost`,
    details: { transfers: orders, finished, withdrawn: steps.size, movedTwice, halfMoved, lostCents },
  };
}

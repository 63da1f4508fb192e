import { counted } from '../../src/contracts/counted.ts';
import { decimalOf } from '../../src/contracts/money.ts';
import type { TransferTerms } from '../../src/contracts/transfer.ts';
import { WaitTimeoutError, waitUntil } from '../../src/platform/processes/wait-until.ts';
import { ACCOUNT_PRESETS, type AccountPoint } from '../../src/services/faults/account-faults.ts';
import type { FaultRule } from '../../src/services/faults/fault-rules.ts';
import type { AccountApiOnStage, Stage } from '../../testbed/stage.ts';
import { auditTransfers, balancesIn, changeText, type TransferAudit } from '../../testbed/transfer-audit.ts';
import type { DemoNarrator } from './acts.ts';
import type { DemoOptions, DemoResult } from './options.ts';
import { followTransfers, submitTransfers } from './play-transfers.ts';
import { runMoveMoney } from './run-move-money.ts';
import { withProblems } from './with-problems.ts';

const TRANSFERS = 10;
const TERMS: TransferTerms = { from: 'account_A', to: 'account_B', amountCents: 1_000 };
/** What one run of a script moves. */
const SCRIPT_CENTS = 10_000;
const HALF_MOVED_WITHIN_MS = 20_000;

/** With this seed the first deposit into account_B never gets through; the calls before it do. */
export const HANGING_DEPOSIT = {
  seed: 23,
  rules: [{ point: 'account.before-commit', kind: 'timeout', probability: 0.5 }],
} as const;

/** Half of all responses are lost; with this seed the first response to a withdrawal is, and the second is not. */
const LOST_RESPONSE = {
  seed: 18,
  rules: [{ point: 'account.after-commit', kind: 'connection-reset', probability: 0.5 }],
} as const;

/** Without Temporal money is moved half or twice. With it each transfer is made once, even though the worker is killed. */
export async function transfer(stage: Stage, narrator: DemoNarrator, options: DemoOptions): Promise<DemoResult> {
  const { seed, faults = 'real-world', orders = TRANSFERS } = options;
  const api = await narrator.during('starting the account API', stage.startAccountApi());

  await narrator.act('A plain script', 'It withdraws 100 and deposits 100. Nothing fails.');
  await showChange(api, narrator, () => runMoveMoney('move-money', api.url, narrator));

  await narrator.act(
    'The same script, killed in the middle',
    'The account API takes its time for the deposit. Nothing records how far the script got.',
  );
  await api.setFaults(HANGING_DEPOSIT);
  const killed = await showChange(api, narrator, () => runMoveMoney('move-money', api.url, narrator, /^withdrew/));
  const missedKill = killed.code !== null || killed.missingCents !== SCRIPT_CENTS;

  await narrator.act(
    'A script that retries',
    'The account API withdraws the money, and its response is lost. The script does not know that and withdraws again.',
  );
  await api.setFaults(LOST_RESPONSE);
  const retried = await showChange(api, narrator, () => runMoveMoney('move-money-retries', api.url, narrator));
  const before = { audit: await auditTransfers(api.journal), balances: await balancesIn(api.journal) };

  await narrator.act(
    `${counted(orders, 'workflow')}, and a worker that is killed`,
    'A workflow repeats a call with the same idempotency key until the response is definite. Its worker is killed when money has left one account and has not reached the other. Until then each call takes a second.',
  );
  await api.setFaults({ seed, rules: [SLOW_CALL, ...rulesOf(faults)] });
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
  await api.setFaults({ seed, preset: faults });

  await narrator.act('A new worker', 'It replays each history and continues with the step that is not finished.');
  const replacement = await narrator.during('starting a worker', stage.startWorker());
  narrator.step(`started worker ${replacement.pid}, which continues`);
  const endings = await followTransfers(stage, api, transfers, narrator);

  const after = await auditTransfers(api.journal);
  const lostCents = after.lostCents - before.audit.lostCents;
  narrator.step(`all transfers together: ${changeText(before.balances, await balancesIn(api.journal))}`);
  narrator.line();
  const finished = endings.filter((ending) => ending.kind === 'result').length;
  const problems = [
    ...(missedKill ? ['the script was not killed between its withdrawal and its deposit'] : []),
    ...(retried.missingCents === SCRIPT_CENTS ? [] : ['the script that retries did not withdraw twice']),
    ...(halfMoved === 0 ? ['the worker was killed while no transfer was half moved'] : []),
  ];
  return withProblems(verdict(orders, finished, { ...after, lostCents }), problems, narrator);
}

/**
 * Runs a script and says how it has changed the balances, according to the journal of the account API.
 * @returns its exit code, null if it was killed, and how much money has left one account without reaching the other
 */
async function showChange(
  api: AccountApiOnStage,
  narrator: DemoNarrator,
  run: () => Promise<number | null>,
): Promise<{ readonly code: number | null; readonly missingCents: number }> {
  const before = { balances: await balancesIn(api.journal), audit: await auditTransfers(api.journal) };
  const code = await run();
  narrator.step(changeText(before.balances, await balancesIn(api.journal)));
  return { code, missingCents: (await auditTransfers(api.journal)).lostCents - before.audit.lostCents };
}

/** Leaves time to kill the worker between a withdrawal and a deposit; less than a call may take. */
const SLOW_CALL = { point: 'account.before-commit', kind: 'delay', probability: 1, delayMs: 1_000 } as const;

function rulesOf(preset: string): readonly FaultRule<AccountPoint>[] {
  const presets: Readonly<Record<string, readonly FaultRule<AccountPoint>[]>> = ACCOUNT_PRESETS;
  return presets[preset] ?? [];
}

/** Waits until money has left one account and not reached the other; not for ever, since a kill may miss that. */
async function untilHalfMoved(api: AccountApiOnStage): Promise<void> {
  try {
    await waitUntil(async () => (await auditTransfers(api.journal)).halfMoved > 0, {
      what: 'a transfer that has withdrawn and not yet deposited',
      timeoutMs: HALF_MOVED_WITHIN_MS,
      everyMs: 10,
    });
  } catch (error) {
    if (!(error instanceof WaitTimeoutError)) throw error;
  }
}

function verdict(orders: number, finished: number, audit: TransferAudit) {
  const { steps, movedTwice, halfMoved, lostCents } = audit;
  return {
    ok: finished === orders && movedTwice === 0 && halfMoved === 0 && lostCents === 0,
    summary: `${counted(orders, 'transfer')}, ${finished} finished, ${movedTwice} moved twice, ${halfMoved} half moved, ${decimalOf(lostCents)} lost`,
    details: { transfers: orders, finished, withdrawn: steps.size, movedTwice, halfMoved, lostCents },
  };
}

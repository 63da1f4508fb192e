import { counted } from '../../src/contracts/counted.ts';
import { transferWorkflowId } from '../../src/contracts/ids.ts';
import { decimalOf } from '../../src/contracts/money.ts';
import type { TransferTerms } from '../../src/contracts/transfer.ts';
import { colors } from '../../src/platform/logging/colors.ts';
import { PROJECT_FOLDER } from '../../src/platform/processes/project-folder.ts';
import { waitUntil } from '../../src/platform/processes/wait-until.ts';
import type { RecordedError } from '../../src/starter/recorded-error.ts';
import { lastTaskFailure } from '../../src/starter/task-failure.ts';
import type { Narrator } from '../../testbed/narrator.ts';
import { copySource } from '../../testbed/source-copy.ts';
import type { Stage } from '../../testbed/stage.ts';
import { auditTransfers, balancesIn, changeText } from '../../testbed/transfer-audit.ts';
import { DIVISION_BY_ZERO, WRONG_ACCOUNT_API_PORT } from '../live-fix/broken-lines.ts';
import type { DemoNarrator } from './acts.ts';
import type { DemoOptions, DemoResult } from './options.ts';
import { followTransfers, submitTransfers } from './play-transfers.ts';
import { breakInCopy, fixInCopy, SECONDS_TO_READ, showWaiting } from './source-changes.ts';
import { resetBackOff, untilAllRetry } from './waiting-workflows.ts';
import { withProblems } from './with-problems.ts';

const TRANSFERS = 3;
const TERMS: TransferTerms = { from: 'account_A', to: 'account_B', amountCents: 5_000 };

/** An activity calls the wrong port and a workflow divides by zero. Both are fixed while transfers wait. */
export async function liveFixTransfer(stage: Stage, narrator: DemoNarrator, options: DemoOptions): Promise<DemoResult> {
  const { seed, faults = 'calm', orders = TRANSFERS } = options;
  const api = await narrator.during('starting the account API', stage.startAccountApi());
  await api.setFaults({ seed, preset: faults });
  const opened = await balancesIn(api.journal);
  const source = await narrator.during('copying the source', copySource(PROJECT_FOLDER));
  try {
    await narrator.act(
      'Two bugs are deployed',
      'A colleague in a hurry changes two lines, in a copy of the source: an activity calls a wrong port, and the workflow divides by zero.',
    );
    await breakInCopy(source, WRONG_ACCOUNT_API_PORT, narrator);
    await breakInCopy(source, DIVISION_BY_ZERO, narrator);
    const first = await narrator.during('starting a worker', stage.startWorker(source));
    const transfers = await submitTransfers(stage, orders, TERMS, narrator);
    const ids = transfers.map(({ id }) => transferWorkflowId(id));
    const waiting = await narrator.during(
      'waiting for every transfer to fail more than once',
      untilAllRetry(stage, ids),
    );
    showWaiting('transfer', waiting, narrator);
    narrator.detail(changeText(opened, await balancesIn(api.journal)));

    await narrator.act(
      'The activity is fixed',
      'Each transfer goes on until it reaches the second bug. A bug in workflow code does not fail a workflow: Temporal repeats its workflow task until the code is right.',
      SECONDS_TO_READ,
    );
    await fixInCopy(source, WRONG_ACCOUNT_API_PORT, narrator);
    await narrator.during('stopping the worker', first.stop(15_000));
    await resetBackOff(stage, ids);
    const second = await narrator.during('starting a worker', stage.startWorker(source));
    narrator.step(`started worker ${second.pid}, and ended the pause before the next attempt`);
    const failing = untilAllFailTheirTask(stage, ids);
    const failures = await narrator.during('waiting for every workflow task to fail', failing);
    showFailures(failures, narrator);
    narrator.detail(changeText(opened, await balancesIn(api.journal), 'on the way'));

    await narrator.act(
      'The workflow is fixed',
      'The money is withdrawn and not yet deposited. A new worker replays each history with the right code and continues from there.',
      SECONDS_TO_READ,
    );
    await fixInCopy(source, DIVISION_BY_ZERO, narrator);
    await narrator.during('stopping the worker', second.stop(15_000));
    const third = await narrator.during('starting a worker', stage.startWorker(source));
    narrator.step(`started worker ${third.pid}`);

    const endings = await followTransfers(stage, api, transfers, narrator);
    narrator.step(`all transfers together: ${changeText(opened, await balancesIn(api.journal))}`);
    narrator.line();
    const { movedTwice, halfMoved, lostCents } = await auditTransfers(api.journal);
    const completed = endings.filter(({ kind }) => kind === 'result').length;
    const sawTheBug = failures.every(({ error }) => error.includes('Division by zero'));
    const problems = sawTheBug ? [] : ['the workflow tasks failed for another reason than the division by zero'];
    const result = {
      ok: completed === orders && movedTwice === 0 && halfMoved === 0 && lostCents === 0,
      summary: `${counted(orders, 'transfer')}, ${completed} finished, ${orders - completed} failed, ${movedTwice} moved twice, ${halfMoved} half moved, ${decimalOf(lostCents)} lost`,
      details: { transfers: orders, completed, movedTwice, halfMoved, lostCents },
    };
    return withProblems(result, problems, narrator);
  } finally {
    await source.remove();
  }
}

function showFailures(failures: readonly RecordedError[], narrator: Narrator): void {
  const each = failures.length === 1 ? 'its workflow task fails' : 'their workflow tasks fail';
  narrator.step(`${counted(failures.length, 'transfer')}: ${each} and will be repeated; no workflow has failed`);
  for (const text of new Set(failures.map(({ error, at }) => `${colors.red(error)}\n${colors.dim(at ?? '')}`))) {
    for (const line of text.split('\n')) narrator.detail(line);
  }
}

/** Waits until the last workflow task of every workflow has failed. */
function untilAllFailTheirTask({ client }: Stage, ids: readonly string[]): Promise<readonly RecordedError[]> {
  return waitUntil(
    async () => {
      const failures = await Promise.all(
        ids.map(async (workflowId) => {
          const { runId } = await client.workflow.getHandle(workflowId).describe();
          return lastTaskFailure(client, { workflowId, runId });
        }),
      );
      const known = failures.flatMap((failure) => (failure?.kind === 'failed' ? [failure] : []));
      return known.length === ids.length && known;
    },
    { what: 'the workflow task of every transfer to fail', timeoutMs: 60_000, everyMs: 100 },
  );
}

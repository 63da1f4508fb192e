import { transferWorkflowId } from '../../src/contracts/ids.ts';
import type { TransferTerms } from '../../src/contracts/transfer.ts';
import { colors } from '../../src/platform/logging/colors.ts';
import { PROJECT_FOLDER } from '../../src/platform/processes/project-folder.ts';
import { waitUntil } from '../../src/platform/processes/wait-until.ts';
import type { Narrator } from '../../testbed/narrator.ts';
import { copySource } from '../../testbed/source-copy.ts';
import type { Stage } from '../../testbed/stage.ts';
import { auditTransfers } from '../../testbed/transfer-audit.ts';
import { type BrokenLine, DIVISION_BY_ZERO, WRONG_ACCOUNT_API_PORT } from '../live-fix/broken-lines.ts';
import type { DemoOptions, DemoResult } from './options.ts';
import { followTransfers, submitTransfers } from './play-transfers.ts';
import { resetBackOff, sourceLine, untilAllRetry } from './waiting-workflows.ts';

const TRANSFERS = 3;
const TERMS: TransferTerms = { from: 'account_A', to: 'account_B', amountCents: 5_000 };

/** An activity calls the wrong port and a workflow divides by zero. Both are fixed while transfers wait. */
export async function liveFixTransfer(stage: Stage, narrator: Narrator, options: DemoOptions): Promise<DemoResult> {
  const { seed, faults = 'calm', orders = TRANSFERS } = options;
  const api = await stage.startAccountApi();
  await api.setFaults({ seed, preset: faults });
  const source = await copySource(PROJECT_FOLDER);
  const breakLine = async ({ file, right, wrong }: BrokenLine) => {
    const line = await source.replaceLine(file, right, wrong);
    narrator.step(`a colleague in a hurry changes ${file}:${line} (in a copy of the source)`);
    narrator.line(colors.red(`         - ${right}`));
    narrator.line(colors.green(`         + ${wrong}`));
  };
  try {
    await breakLine(WRONG_ACCOUNT_API_PORT);
    await breakLine(DIVISION_BY_ZERO);
    const first = await stage.startWorker(source);
    const transfers = await submitTransfers(stage, orders, TERMS);
    const ids = transfers.map(({ id }) => transferWorkflowId(id));
    narrator.step(`submitted ${orders} transfers`);

    const waiting = await untilAllRetry(stage, ids);
    narrator.step('every transfer waits for an activity; Temporal shows why:');
    for (const { workflowId, activity, attempt, message, at } of waiting) {
      narrator.line(`         ${workflowId}  ${activity}, attempt ${attempt}: ${message}`);
      narrator.line(colors.dim(`         ${at}`));
    }
    await source.replaceLine(WRONG_ACCOUNT_API_PORT.file, WRONG_ACCOUNT_API_PORT.wrong, WRONG_ACCOUNT_API_PORT.right);
    await first.stop(15_000);
    await resetBackOff(stage, ids);
    const second = await stage.startWorker(source);
    narrator.step('fixed the port, ended the back-off and started the worker again');

    const failures = await untilAllFailTheirTask(stage, ids);
    narrator.step('the money is withdrawn; now every workflow task fails, but no workflow does:');
    for (const [workflowId, { message, at }] of failures) {
      narrator.line(`         ${workflowId}  ${message}`);
      narrator.line(colors.dim(`         ${at}`));
    }
    const sawTheBug = [...failures.values()].every(({ message }) => message.includes('Division by zero'));
    await source.replaceLine(DIVISION_BY_ZERO.file, DIVISION_BY_ZERO.wrong, DIVISION_BY_ZERO.right);
    await second.stop(15_000);
    await stage.startWorker(source);
    narrator.step('fixed the division and started the worker again, which replays the history and continues');

    const endings = await followTransfers(stage, transfers, narrator);
    const { movedTwice, halfMoved, lostCents } = await auditTransfers(api.journal);
    const completed = endings.filter(({ kind }) => kind === 'result').length;
    return {
      ok: sawTheBug && completed === orders && movedTwice === 0 && halfMoved === 0 && lostCents === 0,
      summary: `${orders} transfers, ${completed} finished, ${orders - completed} failed, ${movedTwice} moved twice, ${halfMoved} half moved`,
      details: { transfers: orders, completed, movedTwice, halfMoved, lostCents },
    };
  } finally {
    await source.remove();
  }
}

interface TaskFailure {
  readonly message: string;
  /** The line of the source where it failed. */
  readonly at: string;
}

/** Waits until the latest workflow task of every workflow has failed. */
function untilAllFailTheirTask({ client }: Stage, ids: readonly string[]): Promise<ReadonlyMap<string, TaskFailure>> {
  return waitUntil(
    async () => {
      const failures = new Map<string, TaskFailure>();
      for (const workflowId of ids) {
        const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
        const failed = events?.findLast((event) => event.workflowTaskFailedEventAttributes);
        const failure = failed?.workflowTaskFailedEventAttributes?.failure;
        if (failure === undefined || failure === null) return false;
        failures.set(workflowId, {
          message: failure.message ?? '',
          at: sourceLine(failure.stackTrace ?? '', 'src/workflows/'),
        });
      }
      return failures;
    },
    { what: 'the workflow task of every transfer to fail', timeoutMs: 60_000, everyMs: 100 },
  );
}

import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { transferWorkflowId } from '../contracts/ids.ts';
import { decimalOf } from '../contracts/money.ts';
import type { TransferProgress } from '../contracts/transfer.ts';
import { messages } from '../contracts/workflow-names.ts';
import { queryWithin } from './query-within.ts';
import { runStatusOf } from './submit.ts';
import type { TransferHandle } from './submit-transfer.ts';
import { transferEndingOf } from './transfer-ending.ts';
import { transferEndingLine } from './transfer-lines.ts';
import { whenAborted } from './when-aborted.ts';

/**
 * Prints where a transfer stands: its run, its steps, what it waits for and what failed last.
 * @returns the exit code: 0, or 1 when there is no such transfer
 */
export async function transferStatusCommand(client: Client, transferId: string, json: boolean): Promise<number> {
  const handle: TransferHandle = client.workflow.getHandle(transferWorkflowId(transferId));
  const described = await handle.describe().catch((error: unknown) => {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
    return undefined;
  });
  if (described === undefined) return unknown(transferId);
  const run = described.status.name.toLowerCase();
  const [progress, ending] = await Promise.all([
    queryWithin<TransferProgress>(client, handle.workflowId, messages.transferProgress),
    run === 'running' ? undefined : transferEndingOf(transferId, handle),
  ]);
  const pending = (described.raw.pendingActivities ?? []).map(({ activityType, attempt, lastFailure }) => {
    const last = lastFailure?.message ? `, last: ${lastFailure.message}` : '';
    return `${activityType?.name ?? 'an activity'}, attempt ${attempt ?? 1}${last}`;
  });
  if (json) {
    console.log(JSON.stringify({ transferId, run, runId: described.runId, progress, ending, pending }));
    return 0;
  }
  console.log(`transfer      ${transferId}`);
  console.log(`run           ${run}, ${described.runId}`);
  if (progress !== undefined) {
    const { from, to, amountCents, stepsDone, currentStep, remarks } = progress;
    console.log(`moves         ${decimalOf(amountCents)} from ${from} to ${to}`);
    console.log(`steps done    ${stepsDone.join(', ') || 'none'}`);
    if (currentStep !== undefined) console.log(`current step  ${currentStep}`);
    for (const remark of remarks) console.log(`              ${remark}`);
  }
  for (const each of pending) console.log(`waits for     ${each}`);
  if (ending !== undefined) console.log(transferEndingLine({ transferId, how: 'started' }, ending, transferId.length));
  return 0;
}

/**
 * Asks a transfer to cancel and waits for what comes of it: it finds out first what was moved.
 * @returns the exit code: 0 when nothing was moved or the money is back, 1 otherwise
 */
export async function transferCancelCommand(client: Client, transferId: string, detach: AbortSignal): Promise<number> {
  const handle: TransferHandle = client.workflow.getHandle(transferWorkflowId(transferId));
  const status = await runStatusOf(client, handle.workflowId);
  if (status === 'none') return unknown(transferId);
  if (status === 'running') {
    await handle.cancel();
    console.log(`${transferId} is asked to cancel: it finds out first what was moved (Ctrl-C leaves it to itself)`);
  } else {
    console.log(`${transferId} was already closed, nothing is cancelled`);
  }
  const ending = await Promise.race([transferEndingOf(transferId, handle), whenAborted(detach)]);
  if (ending === 'aborted') {
    console.error(`detached: the cancellation goes on\nlook again:  npm run starter -- status ${handle.workflowId}`);
    return 1;
  }
  console.log(transferEndingLine({ transferId, how: 'started' }, ending, transferId.length));
  return ending.kind === 'result' ? Number(ending.result.status !== 'refunded') : Number(ending.code !== 'CANCELLED');
}

function unknown(transferId: string): number {
  console.error(`there is no transfer ${transferId}; its id is what --id said, or what the starter printed`);
  return 1;
}

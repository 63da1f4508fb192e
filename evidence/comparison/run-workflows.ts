import type { WorkflowExecutionDescription } from '@temporalio/client';
import { counted } from '../../src/contracts/counted.ts';
import { workflowTypes } from '../../src/contracts/workflow-names.ts';
import { WaitTimeoutError, waitUntil } from '../../src/platform/processes/wait-until.ts';
import { submitOrder } from '../../src/starter/order.ts';
import type { Stage } from '../../testbed/stage.ts';
import { END_WITHIN_MS, type EndedOrder, type RunListener, type StrategyRun, untilKillMoment } from './strategy-run.ts';

const WORKER = { file: 'evidence/comparison/worker-main.ts' };
const POLL_EVERY_MS = 200;

/** Runs orders as workflows of one type. Their worker is killed once and started again. */
export async function runWorkflows(
  stage: Stage,
  workflowType: string,
  orderIds: readonly string[],
  { onKilled, onEnded }: RunListener,
): Promise<StrategyRun> {
  const worker = await stage.startWorker(WORKER);
  await Promise.all(orderIds.map((orderId) => start(stage, workflowType, orderId)));
  const killed = await untilKillMoment(stage.databaseDir, orderIds.length);
  await worker.kill();
  onKilled(killed);
  await stage.startWorker(WORKER);
  return { killed, ended: await untilEnded(stage, orderIds, onEnded) };
}

/** Starts the product's workflow with the product's starter. The others need only the order's id. */
async function start({ client, taskQueue }: Stage, workflowType: string, orderId: string): Promise<unknown> {
  if (workflowType === workflowTypes.processOrder) return submitOrder(client, taskQueue, orderId);
  return client.workflow.start(workflowType, { workflowId: orderId, taskQueue, args: [{ orderId }] });
}

async function untilEnded(
  { client }: Stage,
  orderIds: readonly string[],
  onEnded: (count: number) => void,
): Promise<readonly EndedOrder[]> {
  const ended = new Map<string, EndedOrder>();
  const allEnded = async () => {
    const open = orderIds.filter((orderId) => !ended.has(orderId));
    const runs = await Promise.all(open.map((orderId) => client.workflow.getHandle(orderId).describe()));
    for (const run of runs) if (run.closeTime !== undefined) ended.set(run.workflowId, endedOrder(run));
    onEnded(ended.size);
    return ended.size === orderIds.length;
  };
  try {
    const what = `the end of ${counted(orderIds.length, 'order')}`;
    await waitUntil(allEnded, { what, timeoutMs: END_WITHIN_MS, everyMs: POLL_EVERY_MS });
  } catch (error) {
    if (!(error instanceof WaitTimeoutError)) throw error;
  }
  return Promise.all(
    orderIds.map(async (orderId) => {
      const order = ended.get(orderId);
      if (order !== undefined) return order;
      await client.workflow.getHandle(orderId).terminate(`not ended after ${END_WITHIN_MS / 1_000} s`);
      return { orderId, reported: 'unfinished', tookMs: END_WITHIN_MS };
    }),
  );
}

function endedOrder(run: WorkflowExecutionDescription): EndedOrder {
  const { workflowId, status, startTime, closeTime = startTime } = run;
  const reported = status.name === 'COMPLETED' ? 'ticket' : 'failure';
  return { orderId: workflowId, reported, tookMs: closeTime.getTime() - startTime.getTime() };
}

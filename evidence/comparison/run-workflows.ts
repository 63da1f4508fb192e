import type { WorkflowExecutionDescription } from '@temporalio/client';
import { WaitTimeoutError, waitUntil } from '../../src/platform/processes/wait-until.ts';
import { submitOrder } from '../../src/starter/order.ts';
import type { Stage } from '../../testbed/stage.ts';
import { untilKillMoment } from './kill-moment.ts';
import { END_WITHIN_MS, type EndedOrder, type RunWatch, type StrategyRun } from './strategy-run.ts';

const WORKER = { file: 'evidence/comparison/worker-main.ts' };
const LOOK_EVERY_MS = 200;

/**
 * Runs orders as workflows of one type, whose worker is killed once and started again.
 */
export async function runWorkflows(
  stage: Stage,
  workflowType: string,
  orderIds: readonly string[],
  watch: RunWatch,
): Promise<StrategyRun> {
  const worker = await stage.startWorker(WORKER);
  await Promise.all(orderIds.map((orderId) => start(stage, workflowType, orderId)));
  const killed = await untilKillMoment(stage.databaseDir, orderIds.length);
  await worker.kill();
  watch.killed(killed);
  await stage.startWorker(WORKER);
  return { killed, ended: await untilEnded(stage, orderIds, watch.ended) };
}

/** The product's workflow is started as the product starts it; the others need no more than their id. */
async function start({ client, taskQueue }: Stage, workflowType: string, orderId: string): Promise<unknown> {
  if (workflowType === 'processOrder') return submitOrder(client, taskQueue, orderId);
  return client.workflow.start(workflowType, { workflowId: orderId, taskQueue, args: [{ orderId }] });
}

async function untilEnded(
  { client }: Stage,
  orderIds: readonly string[],
  onEnded: (count: number) => void,
): Promise<readonly EndedOrder[]> {
  const ended = new Map<string, EndedOrder>();
  const look = async () => {
    const open = orderIds.filter((orderId) => !ended.has(orderId));
    const runs = await Promise.all(open.map((orderId) => client.workflow.getHandle(orderId).describe()));
    for (const run of runs) if (run.closeTime !== undefined) ended.set(run.workflowId, endingOf(run));
    onEnded(ended.size);
    return ended.size === orderIds.length;
  };
  try {
    const what = `the end of ${orderIds.length} orders`;
    await waitUntil(look, { what, timeoutMs: END_WITHIN_MS, everyMs: LOOK_EVERY_MS });
  } catch (error) {
    if (!(error instanceof WaitTimeoutError)) throw error;
  }
  return Promise.all(
    orderIds.map(async (orderId) => {
      const ending = ended.get(orderId);
      if (ending !== undefined) return ending;
      await client.workflow.getHandle(orderId).terminate('it takes too long to be waited for');
      return { orderId, said: 'nothing', tookMs: END_WITHIN_MS };
    }),
  );
}

function endingOf({ workflowId, status, startTime, closeTime = startTime }: WorkflowExecutionDescription): EndedOrder {
  const said = status.name === 'COMPLETED' ? 'ticket' : 'failure';
  return { orderId: workflowId, said, tookMs: closeTime.getTime() - startTime.getTime() };
}

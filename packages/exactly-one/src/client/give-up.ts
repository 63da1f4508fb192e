import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { A_CLIENT, A_TEXT, checkOptions } from '../contract/check-options.ts';
import { messages } from '../contract/messages.ts';
import { quoted } from '../contract/quoted.ts';
import { lateWatchId } from '../protocol/ids.ts';
import { runStatus } from '../protocol/resubmission.ts';
import { describeWorkflow } from './describe-workflow.ts';

/**
 * Gives up an order and its late watches, for a service that will never come back. They close as failed with `GivenUp`,
 * recorded as unresolved: nobody knows whether there is an item.
 * @param reason why; it stays in the history
 * @returns the ids of the workflows that were open and have received the signal; none if all were closed
 * @throws TypeError without an id or a reason; WorkflowNotFoundError when there is no such order; an error of the client when
 *   Temporal does not respond
 */
export async function giveUp(client: Client, workflowId: string, reason: string): Promise<readonly string[]> {
  if (typeof reason !== 'string' || reason.trim() === '') {
    throw new TypeError(`giveUp: reason must be a text that is not empty, but is ${quoted(reason)}`);
  }
  checkOptions('giveUp', { client, workflowId }, { client: A_CLIENT, workflowId: A_TEXT });
  const order = await client.workflow.getHandle(workflowId).describe();
  const open = [
    ...(runStatus(order.status.name) === 'running' ? [workflowId] : []),
    ...(await openWatches(client, workflowId, lateWatchId(workflowId, order.runId))),
  ];
  await Promise.all(
    open.map((id) => client.workflow.getHandle(id).signal(messages.giveUp, reason).catch(ignoreClosed)),
  );
  return open;
}

/** The workflow may close before the signal arrives. */
function ignoreClosed(error: unknown): void {
  if (!(error instanceof WorkflowNotFoundError)) throw error;
}

/** The late watches of all runs of an order. The latest one is described as well, since lists lag behind. */
async function openWatches(client: Client, orderId: string, latestWatchId: string): Promise<readonly string[]> {
  const open = new Set<string>();
  const query = `WorkflowId STARTS_WITH "${lateWatchId(orderId, '')}" AND ExecutionStatus = "Running"`;
  for await (const { workflowId } of client.workflow.list({ query })) open.add(workflowId);
  const latest = await describeWorkflow(client, latestWatchId);
  if (latest !== undefined && runStatus(latest.status.name) === 'running') open.add(latestWatchId);
  return [...open];
}

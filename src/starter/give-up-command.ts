import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { lateWatchId } from '../contracts/ids.ts';
import { messages } from '../contracts/workflow-names.ts';

/** A worker that runs takes a signal within moments. */
const CLOSES_WITHIN_MS = 15_000;

/**
 * Closes an order, and its late watch, whose ticket system is gone for good: as failed, recorded as unresolved.
 * @returns the exit code: 0 when nothing of the order is open any more, 1 otherwise
 */
export async function giveUpCommand(client: Client, orderId: string, reason: string): Promise<number> {
  const order = await describe(client, orderId);
  if (order === undefined) {
    console.error(`there is no order ${orderId}`);
    return 1;
  }
  const open = [
    ...(isOpen(order.status.name) ? [orderId] : []),
    ...(await openWatches(client, orderId, lateWatchId(orderId, order.runId))),
  ];
  if (open.length === 0) {
    console.log(`${orderId} is ${order.status.name.toLowerCase()} and nothing of it is open: nothing was given up`);
    return 1;
  }
  const closed = await Promise.all(open.map((workflowId) => giveUp(client, workflowId, reason)));
  return closed.every((each) => each) ? 0 : 1;
}

async function giveUp(client: Client, workflowId: string, reason: string): Promise<boolean> {
  const handle = client.workflow.getHandle(workflowId);
  await handle.signal(messages.giveUp, reason).catch(ignoreClosed);
  await client.withDeadline(Date.now() + CLOSES_WITHIN_MS, () => handle.result()).catch(() => undefined);
  const { status } = await handle.describe();
  if (isOpen(status.name)) {
    console.log(`${workflowId} has the signal and is still open: does a worker run (npm run worker)?`);
  } else if (status.name === 'COMPLETED') {
    console.log(`${workflowId} has completed meanwhile: nothing was given up`);
  } else {
    console.log(`${workflowId} is given up, recorded as unresolved: ${reason}`);
  }
  return !isOpen(status.name);
}

/** It was quicker than the signal. */
function ignoreClosed(error: unknown): void {
  if (!(error instanceof WorkflowNotFoundError)) throw error;
}

function isOpen(status: string): boolean {
  return status === 'RUNNING' || status === 'PAUSED';
}

/** The late watches of all runs of an order; that of the latest run is asked for by itself, since lists lag behind. */
async function openWatches(client: Client, orderId: string, latestWatchId: string): Promise<readonly string[]> {
  const open = new Set<string>();
  const query = `WorkflowId STARTS_WITH "${lateWatchId(orderId, '')}" AND ExecutionStatus = "Running"`;
  for await (const { workflowId } of client.workflow.list({ query })) open.add(workflowId);
  const latest = await describe(client, latestWatchId);
  if (latest !== undefined && isOpen(latest.status.name)) open.add(latestWatchId);
  return [...open];
}

async function describe(client: Client, workflowId: string) {
  try {
    return await client.workflow.getHandle(workflowId).describe();
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}

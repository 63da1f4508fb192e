import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { lateWatchId } from '../contracts/ids.ts';
import { messages } from '../contracts/workflow-names.ts';
import { maskOutput } from '../platform/secrets/mask-output.ts';
import { describeWorkflow } from './describe-workflow.ts';
import { orderKind } from './order.ts';
import { notFound, type Session } from './session.ts';

/** A running worker handles a signal within moments. */
const CLOSE_TIMEOUT_MS = 15_000;

/**
 * Closes an order and its late watches as failed and records them as unresolved, for a ticket system that will never
 * come back.
 * @param given why; secrets in it are masked before it is sent
 * @returns the exit code: 0 when all of them were closed, 1 otherwise
 */
export async function giveUpCommand(session: Session, orderId: string, given: string): Promise<number> {
  // What is sent stays in the history.
  const reason = maskOutput(given);
  const { client, output } = session;
  const order = await describeWorkflow(client, orderId);
  if (order === undefined) return notFound(session, orderKind, orderId);
  const open = [
    ...(isOpen(order.status.name) ? [orderId] : []),
    ...(await openWatches(client, orderId, lateWatchId(orderId, order.runId))),
  ];
  if (open.length === 0) {
    output.print(`${orderId} is ${order.status.name.toLowerCase()} and has no open late watch; nothing was given up`);
    return 1;
  }
  const closed = await Promise.all(open.map((workflowId) => giveUp(session, workflowId, reason)));
  return closed.every((each) => each) ? 0 : 1;
}

async function giveUp({ client, output }: Session, workflowId: string, reason: string): Promise<boolean> {
  const handle = client.workflow.getHandle(workflowId);
  await handle.signal(messages.giveUp, reason).catch(ignoreClosed);
  await client.withDeadline(Date.now() + CLOSE_TIMEOUT_MS, () => handle.result()).catch(() => undefined);
  const { status } = await handle.describe();
  if (isOpen(status.name)) {
    output.print(`${workflowId} received the signal but is still open; is a worker running (npm run worker)?`);
  } else if (status.name === 'COMPLETED') {
    output.print(`${workflowId} completed in the meantime; nothing was given up`);
  } else {
    output.print(`${workflowId} was given up and recorded as unresolved: ${reason}`);
  }
  return !isOpen(status.name);
}

/** The workflow may close before the signal arrives. */
function ignoreClosed(error: unknown): void {
  if (!(error instanceof WorkflowNotFoundError)) throw error;
}

function isOpen(status: string): boolean {
  return status === 'RUNNING' || status === 'PAUSED';
}

/** The late watches of all runs of an order. The latest one is described as well, since lists lag behind. */
async function openWatches(client: Client, orderId: string, latestWatchId: string): Promise<readonly string[]> {
  const open = new Set<string>();
  const query = `WorkflowId STARTS_WITH "${lateWatchId(orderId, '')}" AND ExecutionStatus = "Running"`;
  for await (const { workflowId } of client.workflow.list({ query })) open.add(workflowId);
  const latest = await describeWorkflow(client, latestWatchId);
  if (latest !== undefined && isOpen(latest.status.name)) open.add(latestWatchId);
  return [...open];
}

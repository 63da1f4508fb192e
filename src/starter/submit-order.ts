import {
  type Client,
  WorkflowExecutionAlreadyStartedError,
  type WorkflowHandle,
  WorkflowNotFoundError,
} from '@temporalio/client';
import type { OrderInput, OrderResult } from '../contracts/order.ts';
import { workflowTypes } from '../contracts/workflow-messages.ts';
import { decideSubmission, type RunStanding } from '../protocol/resubmission.ts';

/** An order as the starter sees it: a workflow by its type's name, since the starter knows none of its code. */
export type OrderHandle = WorkflowHandle<(input: OrderInput) => Promise<OrderResult>>;

export interface SubmittedOrder {
  readonly orderId: string;
  readonly handle: OrderHandle;
  /** `started`: this submission began it. `resumed`: again, after a run that was closed without a result. */
  readonly how: 'started' | 'resumed' | 'was running' | 'was completed';
}

/** Others may start and close the same order meanwhile; but not so often. */
const MOST_TRIES = 10;

/**
 * Submits an order. The same order submitted again, while it runs or long after, leads to the same ticket.
 * @throws an error of the client when Temporal cannot be asked
 */
export async function submitOrder(client: Client, taskQueue: string, orderId: string): Promise<SubmittedOrder> {
  let standing: RunStanding = 'none';
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const submission = decideSubmission(standing);
    if (submission.kind === 'attach') {
      const how = standing === 'running' ? 'was running' : 'was completed';
      return { orderId, handle: client.workflow.getHandle(orderId), how };
    }
    try {
      const handle = await start(client, taskQueue, orderId, submission.resumed);
      return { orderId, handle, how: submission.resumed ? 'resumed' : 'started' };
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      standing = await standingOf(client, orderId);
    }
  }
  throw new Error(`order ${orderId} is started and closed by others again and again; look at it in Temporal's UI`);
}

function start(client: Client, taskQueue: string, orderId: string, resumed: boolean): Promise<OrderHandle> {
  return client.workflow.start<(input: OrderInput) => Promise<OrderResult>>(workflowTypes.processOrder, {
    workflowId: orderId,
    taskQueue,
    args: [resumed ? { orderId, resumed } : { orderId }],
    // Only a start that knows of the earlier run may follow it: its fence covers what that run left in flight.
    workflowIdReusePolicy: resumed ? 'ALLOW_DUPLICATE_FAILED_ONLY' : 'REJECT_DUPLICATE',
    workflowIdConflictPolicy: 'FAIL',
    staticSummary: resumed ? `order ${orderId}, submitted again` : `order ${orderId}`,
  });
}

/** How the latest run of an order stands. */
export async function standingOf(client: Client, orderId: string): Promise<RunStanding> {
  try {
    const { status } = await client.workflow.getHandle(orderId).describe();
    if (status.name === 'RUNNING' || status.name === 'CONTINUED_AS_NEW' || status.name === 'PAUSED') return 'running';
    return status.name === 'COMPLETED' ? 'completed' : 'closed without a result';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return 'none';
    throw error;
  }
}

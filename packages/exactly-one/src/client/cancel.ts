import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { A_CLIENT, A_TEXT, checkOptions } from '../contract/check-options.ts';
import { runStatus } from '../protocol/resubmission.ts';

/**
 * Requests the cancellation of an order. It first finds out what exists, and voids it. An order that had its item already
 * completes with it.
 * @returns whether the order was open; a closed one stays as it is
 * @throws TypeError without an id; WorkflowNotFoundError when there is no such order; an error of the client when Temporal does not respond
 */
export async function cancel(client: Client, workflowId: string): Promise<boolean> {
  checkOptions('cancel', { client, workflowId }, { client: A_CLIENT, workflowId: A_TEXT });
  const handle = client.workflow.getHandle(workflowId);
  const { status } = await handle.describe();
  if (runStatus(status.name) !== 'running') return false;
  try {
    await handle.cancel();
    return true;
  } catch (error) {
    // It has closed in the meantime.
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}

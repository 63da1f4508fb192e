import type { Client } from '@temporalio/client';
import type { OrderProgress } from '../contracts/order.ts';
import { messages } from '../contracts/workflow-messages.ts';

/** A query waits for a worker; a view does not wait long. */
const QUERY_TIMEOUT_MS = 2_000;

/** Where an order stands, as it says itself; undefined when no worker answers in time. */
export async function progressOf(client: Client, orderId: string): Promise<OrderProgress | undefined> {
  try {
    return await client.withDeadline(Date.now() + QUERY_TIMEOUT_MS, () =>
      client.workflow.getHandle(orderId).query<OrderProgress>(messages.orderProgress),
    );
  } catch {
    // Only a view depends on this: without an answer it says that there is none.
    return undefined;
  }
}

/** Whether any worker polls the task queue. */
export async function hasWorker(client: Client, taskQueue: string): Promise<boolean> {
  const { pollers } = await client.workflowService.describeTaskQueue({
    namespace: client.options.namespace,
    taskQueue: { name: taskQueue },
    taskQueueType: 1,
  });
  return (pollers ?? []).length > 0;
}

import type { Client, WorkflowHandle } from '@temporalio/client';
import type { OrderInput, OrderResult } from '../contracts/order.ts';
import { workflowTypes } from '../contracts/workflow-names.ts';
import { type SubmissionResult, startOptions, submit } from './submit.ts';

/** An order as the starter sees it: a workflow by its type's name, since the starter knows none of its code. */
export type OrderHandle = WorkflowHandle<(input: OrderInput) => Promise<OrderResult>>;

export interface SubmittedOrder {
  readonly orderId: string;
  readonly handle: OrderHandle;
  readonly how: SubmissionResult;
}

/**
 * Submits an order. The same order submitted again, while it runs or long after, leads to the same ticket: only a start
 * that knows of an earlier run may follow it, since its fence covers what that run left in flight.
 * @throws an error of the client when Temporal cannot be asked
 */
export async function submitOrder(client: Client, taskQueue: string, orderId: string): Promise<SubmittedOrder> {
  const how = await submit(client, orderId, (start) =>
    client.workflow.start<(input: OrderInput) => Promise<OrderResult>>(workflowTypes.processOrder, {
      ...startOptions(start),
      taskQueue,
      args: [start.resumed ? { orderId, resumed: true } : { orderId }],
      staticSummary: start.resumed ? `order ${orderId}, submitted again` : `order ${orderId}`,
    }),
  );
  return { orderId, handle: client.workflow.getHandle(orderId), how };
}

import {
  ApplicationFailure,
  CancelledFailure,
  type Client,
  TerminatedFailure,
  WorkflowFailedError,
} from '@temporalio/client';
import type { OrderResult } from '../../src/contracts/order.ts';

/** How a workflow was closed. */
export type Ending<Result> =
  | { readonly kind: 'completed'; readonly result: Result }
  | { readonly kind: 'failed'; readonly type: string | undefined; readonly message: string; readonly details: unknown }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'terminated' };

export type OrderEnding = Ending<OrderResult>;

/** The result of an order; throws unless the order was completed. */
export function resultOf(ending: OrderEnding): OrderResult {
  if (ending.kind !== 'completed') throw new Error(`expected a completed order, got ${JSON.stringify(ending)}`);
  return ending.result;
}

/** The state of a workflow, for error messages. */
export async function stateOf(client: Client, workflowId: string): Promise<string> {
  const { status, historyLength, raw } = await client.workflow.getHandle(workflowId).describe();
  const { pendingActivities, pendingWorkflowTask } = raw;
  return JSON.stringify({ status: status.name, historyLength, pendingActivities, pendingWorkflowTask });
}

/** Waits until a workflow is closed and tells how. */
export async function endingOf<Result>(client: Client, workflowId: string): Promise<Ending<Result>> {
  try {
    return { kind: 'completed', result: await client.workflow.getHandle(workflowId).result() };
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
    const { cause } = error;
    if (cause instanceof CancelledFailure) return { kind: 'cancelled' };
    if (cause instanceof TerminatedFailure) return { kind: 'terminated' };
    if (!(cause instanceof ApplicationFailure)) throw error;
    return { kind: 'failed', type: cause.type ?? undefined, message: cause.message, details: cause.details?.[0] };
  }
}

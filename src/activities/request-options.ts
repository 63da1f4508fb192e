import { activityInfo, cancellationSignal } from '@temporalio/activity';
import type { TicketSystemCall } from '../clients/ticket-system.ts';
import { requestId } from '../contracts/ids.ts';

/** The `Request-Id` of the one request that this attempt of an activity sends. */
export function requestIdOfActivity(): string {
  const { workflowExecution, activityId, attempt } = activityInfo();
  return requestId({ runId: String(workflowExecution?.runId), activityId, attempt });
}

/**
 * Options of a request to the ticket system.
 * @param requestTimeoutMs shortened where the activity itself would time out first
 * @param token none for `createToken`
 */
export function ticketSystemCall(requestTimeoutMs: number, token?: string): TicketSystemCall {
  return {
    // The activity timeouts come from the order, which keeps the timings it started with, whatever this worker's are.
    timeoutMs: Math.min(requestTimeoutMs, activityInfo().startToCloseTimeoutMs - 1_000),
    signal: cancellationSignal(),
    ...(token === undefined ? {} : { token }),
  };
}

import { activityInfo, cancellationSignal } from '@temporalio/activity';
import { requestId } from '../contracts/ids.ts';

/** The `Request-Id` of the one request that this attempt of an activity sends. */
export function requestIdOfActivity(): string {
  const { workflowExecution, activityId, attempt } = activityInfo();
  return requestId({ runId: String(workflowExecution?.runId), activityId, attempt });
}

/**
 * Options of a request to the ticket system.
 * @param requestTimeoutMs shortened where the activity itself would time out first
 */
export function ticketSystemCall(requestTimeoutMs: number, token?: string) {
  return {
    // The activity timeouts come from the order, which keeps its own timings, whatever this worker is set to.
    timeoutMs: Math.min(requestTimeoutMs, activityInfo().startToCloseTimeoutMs - 1_000),
    signal: cancellationSignal(),
    ...(token === undefined ? {} : { token }),
  };
}

import { activityInfo, cancellationSignal } from '@temporalio/activity';
import { requestId } from 'exactly-one';
import type { TicketSystemCall } from '../clients/ticket-system.ts';

/** The `Request-Id` of the one request that this attempt of an activity sends. */
export function requestIdOfActivity(): string {
  const { workflowExecution, activityId, attempt } = activityInfo();
  return requestId({ runId: String(workflowExecution?.runId), activityId, attempt });
}

/**
 * The options of the next call to the ticket system, for an activity that begins now and may make several.
 * @param requestTimeoutMs shortened where the activity itself would time out first
 */
export function ticketSystemCalls(requestTimeoutMs: number): () => Omit<TicketSystemCall, 'token'> {
  // The activity timeouts come from the order, which keeps the timings it started with, whatever this worker's are.
  const endsAtMs = performance.now() + activityInfo().startToCloseTimeoutMs - 1_000;
  return () => ({
    timeoutMs: Math.min(requestTimeoutMs, Math.floor(endsAtMs - performance.now())),
    signal: cancellationSignal(),
  });
}

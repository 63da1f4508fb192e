import { activityInfo, cancellationSignal } from '@temporalio/activity';
import type { TicketSystem } from '../clients/ticket-system.ts';
import { requestId } from '../contracts/ids.ts';

/** What the activities are made with. */
export interface TicketSystemActivityOptions {
  readonly ticketSystem: TicketSystem;
  /** How long one request of an activity that may be repeated is waited for. */
  readonly requestTimeoutMs: number;
  readonly clockSkewMs: number;
  /** The wall clock. */
  readonly nowMs: () => number;
}

/** The time-out, the cancellation and the token of one request. */
export function callOf(options: Pick<TicketSystemActivityOptions, 'requestTimeoutMs'>, token?: string) {
  return {
    // An order keeps its own time-outs, whatever this worker is set to: the call must end before Temporal gives it up.
    timeoutMs: Math.min(options.requestTimeoutMs, activityInfo().startToCloseTimeoutMs - 1_000),
    signal: cancellationSignal(),
    ...(token === undefined ? {} : { token }),
  };
}

/** The `Request-Id` of the request that this activity sends. */
export function requestIdOfActivity(): string {
  const { workflowExecution, activityId, attempt } = activityInfo();
  return requestId({ runId: String(workflowExecution?.runId), activityId, attempt });
}

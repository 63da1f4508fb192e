import { activityInfo, cancellationSignal } from '@temporalio/activity';
import type {
  ActivityRequest,
  CreateActivityRequest,
  CredentialsRequirement,
  VoidActivityRequest,
} from '../contract/activity-contract.ts';
import type { Guarantee } from '../protocol/guarantee.ts';
import { requestId } from '../protocol/ids.ts';
import { timeLeftToSendMs, voidDeadline } from '../protocol/timings.ts';
import { type Clocks, SYSTEM_CLOCKS } from './clocks.ts';

/** What each of the three functions is given beside its input: the limits of its one request. */
export interface Call {
  /** The workflow id. The service must be able to list its items by it. */
  readonly orderId: string;
  /** The id of this request: `<runId>/<activityId>/<attempt>`. No two creates share one. */
  readonly requestId: string;
  /** How long the call may still take at the moment when this is read, in milliseconds. 0: send nothing. */
  readonly timeoutMs: number;
  /**
   * Whether the request may still be sent. Ask when the connection exists, immediately before the request is written: the
   * process may have been stopped since the call, and the network may have been slow.
   */
  mayStillBeSent(): boolean;
  /** Aborted when the worker stops and waits no longer. What was sent stays sent. */
  readonly signal: AbortSignal;
  /** What the credentials of the request must satisfy, if the workflow uses credentials. */
  readonly credentials?: CredentialsRequirement;
}

/** What `create` is given beside its input. */
export interface CreateCall extends Call {
  /** Epoch milliseconds: the create must not commit after this time. Send it along if the service has deadlines. */
  readonly deadlineMs: number;
  /** The same for all creates that may make only one item. Send it along, even if the service ignores it. */
  readonly idempotencyKey: string;
  /** The weakest guarantee of the service that the order has seen. */
  readonly guarantee: Guarantee;
}

/** What `void` is given beside its input. */
export interface VoidCall extends Call {
  /** Epoch milliseconds, only for a void without a keeper: it must not take effect after this time. */
  readonly deadlineMs?: number;
}

/** What the calls of an activity leave of its time, so that it can still report. */
const TIME_TO_REPORT_MS = 1_000;

/** The call of a create, which takes and sends nothing after its deadline by either clock. */
export function createCall(request: CreateActivityRequest, clocks: Clocks): CreateCall {
  const { deadlineMs, idempotencyKey, guarantee } = request;
  return callWithin(untilDeadline(request, clocks), request, { deadlineMs, idempotencyKey, guarantee });
}

/** The call of an activity that is safe to repeat. */
export function repeatableCall(request: ActivityRequest, clocks: Clocks): Call {
  return callWithin(untilTimeout(clocks), request, {});
}

/** The call of a void. Each attempt has its own deadline if it has no keeper. */
export function voidCall(request: VoidActivityRequest, clocks: Clocks): VoidCall {
  if (request.keep !== null) return repeatableCall(request, clocks);
  const { createDeadlineMs } = request;
  const deadlineMs = voidDeadline(activityInfo().currentAttemptScheduledTimestampMs, createDeadlineMs);
  const [timeoutMs, timeLeftMs] = [untilTimeout(clocks), untilDeadline({ deadlineMs, createDeadlineMs }, clocks)];
  return callWithin(() => Math.min(timeoutMs(), timeLeftMs()), request, { deadlineMs });
}

/** How long the calls of an activity that is safe to repeat may take from now on. */
export function timeOfActivity(clocks: Clocks = SYSTEM_CLOCKS): Pick<Call, 'timeoutMs' | 'mayStillBeSent' | 'signal'> {
  return limitsOf(untilTimeout(clocks));
}

function callWithin<More extends object>(
  timeLeftMs: () => number,
  { orderId, credentials }: ActivityRequest,
  more: More,
): Call & More {
  const known = { orderId, requestId: requestIdOfActivity(), ...(credentials === undefined ? {} : { credentials }) };
  return Object.assign(limitsOf(timeLeftMs), known, more);
}

function limitsOf(timeLeftMs: () => number) {
  return {
    get timeoutMs() {
      return Math.max(0, Math.floor(timeLeftMs()));
    },
    mayStillBeSent: () => timeLeftMs() > 0,
    signal: cancellationSignal(),
  };
}

function untilDeadline(
  limits: { readonly deadlineMs: number; readonly createDeadlineMs: number },
  { nowMs, monotonicMs }: Clocks,
): () => number {
  const startedAtMs = monotonicMs();
  return () => timeLeftToSendMs({ ...limits, nowMs: nowMs(), elapsedMs: monotonicMs() - startedAtMs });
}

/** The activity timeouts come from the order, which keeps the timings it started with, whatever this worker's are. */
function untilTimeout({ monotonicMs }: Clocks): () => number {
  const endsAtMs = monotonicMs() + activityInfo().startToCloseTimeoutMs - TIME_TO_REPORT_MS;
  return () => endsAtMs - monotonicMs();
}

/** The id of the one request that this attempt of an activity sends: `<runId>/<activityId>/<attempt>`. */
export function requestIdOfActivity(): string {
  const { workflowExecution, activityId, attempt } = activityInfo();
  return requestId({ runId: String(workflowExecution?.runId), activityId, attempt });
}

import type { temporal } from '@temporalio/proto';
import type { Closing, RunEvidence, RunStep } from './round-evidence.ts';

type HistoryEvent = temporal.api.history.v1.IHistoryEvent;
type ScheduledAttributes = temporal.api.history.v1.IActivityTaskScheduledEventAttributes;
type Payloads = temporal.api.common.v1.IPayloads | null | undefined;

/** Value of Temporal's enum TimeoutType: no worker took the activity. */
const SCHEDULE_TO_START = 2;

export interface HistoryFacts extends Omit<RunEvidence, 'runId'> {
  /** Workflow ids of the children that the run started. */
  readonly children: readonly string[];
}

/** Reads from a history what the invariants need. It knows the names of activities and failures, and no workflow code. */
export function historyFacts(events: readonly HistoryEvent[]): HistoryFacts {
  const scheduled = new Map<string, { readonly name: string; readonly request: unknown }>();
  const steps: RunStep[] = [];
  const knownOutcomes = new Set<string>();
  const children: string[] = [];
  let cancelRequested = false;
  let closing: Closing | undefined;
  const activityOf = (id: unknown) => scheduled.get(String(id));

  for (const event of events) {
    const activity = event.activityTaskScheduledEventAttributes;
    if (activity) {
      const name = activity.activityType?.name ?? '';
      scheduled.set(String(event.eventId), { name, request: requestOf(activity) });
      if (name === 'createTicket') steps.push(createStep(event, activity, knownOutcomes));
    }
    const completed = event.activityTaskCompletedEventAttributes;
    if (completed) {
      steps.push(...stepsOf(activityOf(completed.scheduledEventId), firstOf(completed.result)));
      // What was accepted may still come, or not.
      if (field(firstOf(completed.result), 'accepted') === undefined) {
        knownOutcomes.add(String(completed.scheduledEventId));
      }
    }
    const failed = event.activityTaskFailedEventAttributes;
    const failureType = failed?.failure?.applicationFailureInfo?.type;
    if (failed && failureType !== 'CreateOutcomeUnknown') knownOutcomes.add(String(failed.scheduledEventId));
    if (failureType === 'CreateRejected') steps.push({ kind: 'create rejected' });
    const timedOut = event.activityTaskTimedOutEventAttributes;
    if (timedOut?.failure?.timeoutFailureInfo?.timeoutType === SCHEDULE_TO_START) {
      knownOutcomes.add(String(timedOut.scheduledEventId));
    }
    // Not the initiated event: a run that is terminated before Temporal starts the child never gets one.
    const child = event.childWorkflowExecutionStartedEventAttributes?.workflowExecution;
    if (child) children.push(child.workflowId ?? '');
    if (event.workflowExecutionCancelRequestedEventAttributes) cancelRequested = true;
    closing = closingOf(event) ?? closing;
  }
  const input = firstOf(events[0]?.workflowExecutionStartedEventAttributes?.input);
  return {
    startedAtMs: timeOf(events[0]),
    resumed: field(input, 'resumed') === true,
    cancelRequested,
    steps,
    children,
    closing,
  };
}

/** Its outcome is read lazily: only a later event of the history tells it. */
function createStep(event: HistoryEvent, activity: ScheduledAttributes, knownOutcomes: ReadonlySet<string>): RunStep {
  return {
    kind: 'create',
    activityId: activity.activityId ?? '',
    atMs: timeOf(event),
    deadlineMs: Number(field(requestOf(activity), 'deadlineMs')),
    get outcomeKnown() {
      return knownOutcomes.has(String(event.eventId));
    },
  };
}

function stepsOf(activity: { name: string; request: unknown } | undefined, result: unknown): readonly RunStep[] {
  if (activity?.name === 'voidTicket' && result === 'voided') {
    return [{ kind: 'void', ticketId: String(field(activity.request, 'itemId')) }];
  }
  if (activity?.name !== 'validateTicket') return [];
  const tickets = [field(result, 'items')].flat();
  const idsOf = (voided: boolean) =>
    tickets.filter((ticket) => field(ticket, 'voided') === voided).map((ticket) => String(field(ticket, 'itemId')));
  return [{ kind: 'validate', live: idsOf(false), voided: idsOf(true) }];
}

function closingOf(event: HistoryEvent): Closing | undefined {
  const atMs = timeOf(event);
  const { workflowExecutionCompletedEventAttributes: completed, workflowExecutionFailedEventAttributes: failed } =
    event;
  if (completed) return { atMs, status: 'completed', result: firstOf(completed.result) };
  if (failed) return { atMs, status: 'failed', failureType: failed.failure?.applicationFailureInfo?.type ?? '' };
  if (event.workflowExecutionCanceledEventAttributes) return { atMs, status: 'cancelled' };
  if (event.workflowExecutionTerminatedEventAttributes) return { atMs, status: 'terminated' };
  if (event.workflowExecutionTimedOutEventAttributes) return { atMs, status: 'timed out' };
  if (event.workflowExecutionContinuedAsNewEventAttributes) return { atMs, status: 'continued as new' };
  return undefined;
}

function timeOf(event: HistoryEvent | undefined): number {
  const { seconds, nanos } = event?.eventTime ?? {};
  return Number(seconds ?? 0) * 1_000 + Math.floor((nanos ?? 0) / 1e6);
}

/** The first argument, or the result. */
function firstOf(payloads: Payloads): unknown {
  return nthOf(payloads, 0);
}

/** What an activity of the protocol receives after the input of its order. */
function requestOf({ input }: ScheduledAttributes): unknown {
  return nthOf(input, 1);
}

/** In the JSON of the default payload converter. */
function nthOf(payloads: Payloads, index: number): unknown {
  const data = payloads?.payloads?.[index]?.data;
  return data?.length ? JSON.parse(Buffer.from(data).toString()) : undefined;
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Object(value)[name] : undefined;
}

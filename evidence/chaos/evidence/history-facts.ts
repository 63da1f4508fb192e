import type { temporal } from '@temporalio/proto';
import type { Closing, RunEvidence, RunStep } from './evidence.ts';

type HistoryEvent = temporal.api.history.v1.IHistoryEvent;
type ScheduledAttributes = temporal.api.history.v1.IActivityTaskScheduledEventAttributes;
type Payloads = temporal.api.common.v1.IPayloads | null | undefined;

/** Of Temporal's enum TimeoutType: no worker took it. */
const SCHEDULE_TO_START = 2;

export interface HistoryFacts extends Omit<RunEvidence, 'runId'> {
  /** Workflow ids of the children that it has started. */
  readonly children: readonly string[];
}

/** Reads from a history what the invariants are about. It knows the names of activities, and nothing of the workflow. */
export function historyFacts(events: readonly HistoryEvent[]): HistoryFacts {
  const scheduled = new Map<string, { readonly name: string; readonly input: unknown }>();
  const steps: RunStep[] = [];
  const known = new Set<string>();
  const children: string[] = [];
  let cancelRequested = false;
  let closing: Closing | undefined;
  const activityOf = (id: unknown) => scheduled.get(String(id));

  for (const event of events) {
    const begun = event.activityTaskScheduledEventAttributes;
    if (begun) {
      const name = begun.activityType?.name ?? '';
      scheduled.set(String(event.eventId), { name, input: firstOf(begun.input) });
      if (name === 'createTicket') steps.push(createStep(event, begun, known));
    }
    const done = event.activityTaskCompletedEventAttributes;
    if (done) steps.push(...stepsOf(activityOf(done.scheduledEventId), firstOf(done.result)));
    const failed = event.activityTaskFailedEventAttributes;
    const timedOut = event.activityTaskTimedOutEventAttributes;
    if (done) known.add(String(done.scheduledEventId));
    if (failed && failed.failure?.applicationFailureInfo?.type !== 'CreateOutcomeUnknown') {
      known.add(String(failed.scheduledEventId));
    }
    if (timedOut?.failure?.timeoutFailureInfo?.timeoutType === SCHEDULE_TO_START) {
      known.add(String(timedOut.scheduledEventId));
    }
    if (failed?.failure?.applicationFailureInfo?.type === 'CreateRejected') steps.push({ kind: 'create refused' });
    // Not those that it only asked for: terminated before Temporal has started them, a run never gets them.
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

/** What is known of it is known at the end of the history only. */
function createStep(event: HistoryEvent, begun: ScheduledAttributes, known: ReadonlySet<string>): RunStep {
  return {
    kind: 'create',
    activityId: begun.activityId ?? '',
    atMs: timeOf(event),
    deadlineMs: Number(field(firstOf(begun.input), 'deadlineMs')),
    get outcomeKnown() {
      return known.has(String(event.eventId));
    },
  };
}

function stepsOf(activity: { name: string; input: unknown } | undefined, result: unknown): readonly RunStep[] {
  if (activity?.name === 'voidTicket' && result === 'voided') {
    return [{ kind: 'void', ticketId: String(field(activity.input, 'ticketId')) }];
  }
  if (activity?.name !== 'validateTicket') return [];
  const tickets = [field(result, 'items')].flat();
  const idsOf = (voided: boolean) =>
    tickets.filter((ticket) => field(ticket, 'voided') === voided).map((ticket) => String(field(ticket, 'itemId')));
  return [{ kind: 'look', live: idsOf(false), voided: idsOf(true) }];
}

function closingOf(event: HistoryEvent): Closing | undefined {
  const atMs = timeOf(event);
  const { workflowExecutionCompletedEventAttributes: completed, workflowExecutionFailedEventAttributes: failed } =
    event;
  if (completed) return { atMs, as: 'completed', result: firstOf(completed.result) };
  if (failed) return { atMs, as: 'failed', failureType: failed.failure?.applicationFailureInfo?.type ?? '' };
  if (event.workflowExecutionCanceledEventAttributes) return { atMs, as: 'cancelled' };
  if (event.workflowExecutionTerminatedEventAttributes) return { atMs, as: 'terminated' };
  if (event.workflowExecutionTimedOutEventAttributes) return { atMs, as: 'timed out' };
  if (event.workflowExecutionContinuedAsNewEventAttributes) return { atMs, as: 'continued as new' };
  return undefined;
}

function timeOf(event: HistoryEvent | undefined): number {
  const { seconds, nanos } = event?.eventTime ?? {};
  return Number(seconds ?? 0) * 1_000 + Math.floor((nanos ?? 0) / 1e6);
}

/** The first argument or the result: JSON, as the default converter writes it. */
function firstOf(payloads: Payloads): unknown {
  const data = payloads?.payloads?.[0]?.data;
  return data?.length ? JSON.parse(Buffer.from(data).toString()) : undefined;
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Object(value)[name] : undefined;
}

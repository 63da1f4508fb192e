import type { temporal } from '@temporalio/proto';

type HistoryEvent = temporal.api.history.v1.IHistoryEvent;

/** An event of a history, of which one attribute is set. */
interface Event extends Omit<HistoryEvent, 'markerRecordedEventAttributes'> {
  readonly markerRecordedEventAttributes?: {
    readonly markerName?: string | null;
    /** A number or a long integer: of the workflow task that recorded it. */
    readonly workflowTaskCompletedEventId?: unknown;
  } | null;
}

/** The marker of a local activity that the SDK writes. */
const LOCAL_ACTIVITY_MARKER = 'core_local_activity';

/**
 * How many actions Temporal Cloud would bill for a workflow, as far as its history shows them: starts, activities and
 * their retries, timers, signals, updates, upserts of search attributes and markers. All local activities of one workflow
 * task are one action. Heartbeats and queries are not recorded, and a child workflow counts its own.
 * https://docs.temporal.io/cloud/actions
 */
export function cloudActions(events: readonly Event[]): number {
  const localTasks = new Set<string>();
  let actions = 0;
  for (const event of events) {
    const local = event.markerRecordedEventAttributes;
    if (local?.markerName === LOCAL_ACTIVITY_MARKER) localTasks.add(String(local.workflowTaskCompletedEventId));
    else actions += actionsOf(event);
  }
  return actions + localTasks.size;
}

function actionsOf(event: Event): number {
  if (event.activityTaskStartedEventAttributes) return Number(event.activityTaskStartedEventAttributes.attempt ?? 1);
  const isAction =
    event.workflowExecutionStartedEventAttributes ??
    event.timerStartedEventAttributes ??
    event.workflowExecutionSignaledEventAttributes ??
    event.workflowExecutionUpdateAcceptedEventAttributes ??
    event.upsertWorkflowSearchAttributesEventAttributes ??
    event.startChildWorkflowExecutionInitiatedEventAttributes ??
    event.markerRecordedEventAttributes;
  return isAction ? 1 : 0;
}

import type { HistoryEvent } from './order-environment.ts';

/** Temporal's `TIMEOUT_TYPE_START_TO_CLOSE`. A task that was never taken by a worker times out in another way. */
const START_TO_CLOSE = 1;

/** The tasks of an order that a worker took and never reported: `workflow task`, or the type of an activity. */
export function unreportedIn(events: readonly HistoryEvent[]): readonly string[] {
  const typeOf = (scheduledEventId: unknown) =>
    events.find(({ eventId }) => String(eventId) === String(scheduledEventId))?.activityTaskScheduledEventAttributes
      ?.activityType?.name ?? 'an activity that was never scheduled';
  return events.flatMap((event) => {
    const { workflowTaskTimedOutEventAttributes: task, activityTaskTimedOutEventAttributes: activity } = event;
    if (task?.timeoutType === START_TO_CLOSE) return 'workflow task';
    if (activity) return typeOf(activity.scheduledEventId);
    // An attempt that is retried leaves no event of its own.
    const started = event.activityTaskStartedEventAttributes;
    return (started?.attempt ?? 1) > 1 ? typeOf(started?.scheduledEventId) : [];
  });
}

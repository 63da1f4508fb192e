import type { Client } from '@temporalio/client';
import type { Narrator } from '../../testbed/narrator.ts';

/** An activity, according to the history of its workflow. */
interface HistoryStep {
  readonly activity: string;
  readonly ended: 'completed' | 'failed' | 'timed out' | 'open';
  /** How often it was started; more than once if Temporal retried it. */
  readonly attempts: number;
}

/** The activities in an order's history, in the order in which they were scheduled. */
export async function historySteps(client: Client, orderId: string): Promise<readonly HistoryStep[]> {
  const { events } = await client.workflow.getHandle(orderId).fetchHistory();
  const steps = new Map<string, HistoryStep>();
  const change = (scheduledId: unknown, changed: Partial<HistoryStep>) => {
    const step = steps.get(String(scheduledId));
    if (step !== undefined) steps.set(String(scheduledId), { ...step, ...changed });
  };
  for (const event of events ?? []) {
    const scheduled = event.activityTaskScheduledEventAttributes;
    const started = event.activityTaskStartedEventAttributes;
    const { activityTaskCompletedEventAttributes: completed, activityTaskFailedEventAttributes: failed } = event;
    const timedOut = event.activityTaskTimedOutEventAttributes;
    if (scheduled) {
      const activity = scheduled.activityType?.name ?? 'an activity';
      steps.set(String(event.eventId), { activity, ended: 'open', attempts: 0 });
    }
    if (started) change(started.scheduledEventId, { attempts: started.attempt ?? 1 });
    if (completed) change(completed.scheduledEventId, { ended: 'completed' });
    if (failed) change(failed.scheduledEventId, { ended: 'failed' });
    if (timedOut) change(timedOut.scheduledEventId, { ended: 'timed out' });
  }
  return [...steps.values()];
}

/** Prints one line per activity. */
export function printSteps(steps: readonly HistoryStep[], narrator: Narrator): void {
  for (const [index, { activity, ended, attempts }] of steps.entries()) {
    const times = attempts === 1 ? '' : `, attempt ${attempts}`;
    narrator.detail(`${String(index + 1).padStart(2)}  ${activity.padEnd(16)} ${ended}${times}`);
  }
}

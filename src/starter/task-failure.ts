import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import { type RecordedError, recordedError } from './recorded-error.ts';
import { timestampMs } from './timestamps.ts';

/** Of a workflow task that is repeated, the history has only the first attempt, at its end. */
const LAST_EVENTS = 10;

/** Why a workflow task is repeated. A time-out is no failure of the code: most often, a worker was killed. */
export type TaskFailure =
  | ({ readonly kind: 'failed'; readonly sinceMs?: number } & RecordedError)
  | { readonly kind: 'timed out'; readonly sinceMs?: number };

type History = Awaited<ReturnType<Client['workflowService']['getWorkflowExecutionHistoryReverse']>>['history'];
type Events = NonNullable<NonNullable<History>['events']>;

/**
 * Why the workflow task of a run is repeated. The description of a workflow does not say it, but the end of its history
 * does.
 * @returns undefined when its last workflow task did not fail
 */
export async function lastTaskFailure(
  client: Client,
  { workflowId, runId }: Pick<WorkflowExecutionDescription, 'workflowId' | 'runId'>,
): Promise<TaskFailure | undefined> {
  const { history } = await client.workflowService.getWorkflowExecutionHistoryReverse({
    namespace: client.options.namespace,
    execution: { workflowId, runId },
    maximumPageSize: LAST_EVENTS,
  });
  return taskFailureIn(history?.events ?? []);
}

/** @param events of a history, the last one first */
export function taskFailureIn(events: Events): TaskFailure | undefined {
  for (const event of events) {
    const { workflowTaskFailedEventAttributes: failed, workflowTaskTimedOutEventAttributes: timedOut } = event;
    const sinceMs = timestampMs(event.eventTime);
    const since = sinceMs === undefined ? {} : { sinceMs };
    if (failed?.failure) return { kind: 'failed', ...recordedError(failed.failure), ...since };
    if (timedOut) return { kind: 'timed out', ...since };
    if (event.workflowTaskCompletedEventAttributes) return undefined;
  }
  return undefined;
}

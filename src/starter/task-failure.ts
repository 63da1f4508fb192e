import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import { type RecordedError, recordedError } from './recorded-error.ts';
import { timestampMs } from './timestamps.ts';

/** A failing workflow task is repeated, and only its first attempts stand in the history, at its end. */
const LAST_EVENTS = 10;

/**
 * Why the workflow task of a run fails. The description of a workflow does not say it, but the end of its history does.
 * @returns undefined when its last workflow task did not fail
 */
export async function lastTaskFailure(
  client: Client,
  { workflowId, runId }: Pick<WorkflowExecutionDescription, 'workflowId' | 'runId'>,
): Promise<(RecordedError & { readonly sinceMs?: number }) | undefined> {
  const { history } = await client.workflowService.getWorkflowExecutionHistoryReverse({
    namespace: client.options.namespace,
    execution: { workflowId, runId },
    maximumPageSize: LAST_EVENTS,
  });
  for (const event of history?.events ?? []) {
    const { workflowTaskFailedEventAttributes: failed, workflowTaskTimedOutEventAttributes: timedOut } = event;
    const sinceMs = timestampMs(event.eventTime);
    const since = sinceMs === undefined ? {} : { sinceMs };
    if (failed?.failure) return { ...recordedError(failed.failure), ...since };
    if (timedOut) {
      return { error: 'it timed out: its worker was killed or stopped, or workflow code blocks', ...since };
    }
    if (event.workflowTaskCompletedEventAttributes) return undefined;
  }
  return undefined;
}

import type { Client } from '@temporalio/client';
import type { Kind } from './kind.ts';

/** A query waits for a worker, but a display should not wait long for one workflow. */
const QUERY_TIMEOUT_MS = 2_000;

/** The progress that a workflow reports; undefined when no worker responds in time. */
export async function progressOf<Progress>(
  client: Client,
  {
    workflowId,
    progressQuery,
    isProgress,
  }: Pick<Kind<never, never, Progress>, 'workflowId' | 'progressQuery' | 'isProgress'>,
  id: string,
): Promise<Progress | undefined> {
  try {
    const progress: unknown = await client.withDeadline(Date.now() + QUERY_TIMEOUT_MS, () =>
      client.workflow.getHandle(workflowId(id)).query(progressQuery),
    );
    return isProgress(progress) ? progress : undefined;
  } catch {
    // Progress is only displayed: without a response, the display says that none came.
    return undefined;
  }
}

import { type Client, isGrpcDeadlineError } from '@temporalio/client';
import type { Kind } from './kind.ts';

/** A query waits for a worker, but a display should not wait long for one workflow. */
const QUERY_TIMEOUT_MS = 2_000;

type Queried<Progress> = Pick<Kind<never, never, Progress>, 'workflowId' | 'progressQuery' | 'isProgress'>;

/** The progress that a workflow reports; undefined when no worker responds in time, or another program's does. */
export async function progressOf<Progress>(
  client: Pick<Client, 'withDeadline' | 'workflow'>,
  kind: Queried<Progress>,
  id: string,
): Promise<Progress | undefined> {
  const progress = await askForProgress(client, kind, id);
  return progress === 'no response' ? undefined : progress;
}

/** The progress that a workflow reports; undefined when what responds is no worker of ours. */
export async function askForProgress<Progress>(
  client: Pick<Client, 'withDeadline' | 'workflow'>,
  { workflowId, progressQuery, isProgress }: Queried<Progress>,
  id: string,
): Promise<Progress | 'no response' | undefined> {
  try {
    const progress: unknown = await client.withDeadline(Date.now() + QUERY_TIMEOUT_MS, () =>
      client.workflow.getHandle(workflowId(id)).query(progressQuery),
    );
    return isProgress(progress) ? progress : undefined;
  } catch (error) {
    // Progress is only displayed. A worker of another program responds, too: that it does not know the query.
    return isGrpcDeadlineError(error) ? 'no response' : undefined;
  }
}

import type { Client } from '@temporalio/client';

/** A query waits for a worker; a view does not wait long. */
const QUERY_TIMEOUT_MS = 2_000;

/** What a workflow says of itself; undefined when no worker answers in time. */
export async function queryWithin<Answer>(
  client: Client,
  workflowId: string,
  query: string,
): Promise<Answer | undefined> {
  try {
    return await client.withDeadline(Date.now() + QUERY_TIMEOUT_MS, () =>
      client.workflow.getHandle(workflowId).query<Answer>(query),
    );
  } catch {
    // Only a view depends on this: without an answer it says that there is none.
    return undefined;
  }
}

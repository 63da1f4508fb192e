import type { Client } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import pLimit from 'p-limit';
import { callTemporal } from '../clients/call-temporal.ts';
import { type HistoryFacts, historyFacts } from './history-facts.ts';

const MAX_CONCURRENT_FETCHES = 12;

/** One run of an order or a late watch, with its complete history. */
export interface RunHistory {
  readonly workflowId: string;
  readonly runId: string;
  readonly facts: HistoryFacts;
  /** In the format that `Worker.runReplayHistory` and Temporal's UI read. */
  readonly json: string;
}

/** The history of every run of every workflow whose id begins with the prefix. */
export async function fetchHistories(client: Client, prefix: string): Promise<readonly RunHistory[]> {
  const runs = await listRuns(client, `WorkflowId STARTS_WITH "${prefix}"`);
  const limit = pLimit(MAX_CONCURRENT_FETCHES);
  return Promise.all(
    runs.map(({ workflowId, runId }) =>
      limit(async () => {
        const history = await callTemporal(client, `fetch the history of ${workflowId}`, () =>
          client.workflow.getHandle(workflowId, runId).fetchHistory(),
        );
        return { workflowId, runId, facts: historyFacts(history.events ?? []), json: historyToJSON(history) };
      }),
    ),
  );
}

/** How many of these workflows are open. Temporal's visibility store lags behind, so the count may be a little old. */
export async function countOpen(client: Client, prefix: string): Promise<number> {
  const { count } = await callTemporal(client, 'count the open workflows', () =>
    client.workflow.count(`WorkflowId STARTS_WITH "${prefix}" AND ExecutionStatus = "Running"`),
  );
  return count;
}

export async function listRuns(client: Client, query: string) {
  return callTemporal(client, 'list all runs', async () => {
    const runs: { workflowId: string; runId: string }[] = [];
    for await (const { workflowId, runId } of client.workflow.list({ query })) runs.push({ workflowId, runId });
    return runs;
  });
}

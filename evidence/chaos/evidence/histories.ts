import type { Client } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import pLimit from 'p-limit';
import { patiently } from '../clients/patiently.ts';
import { type HistoryFacts, historyFacts } from './history-facts.ts';

const AT_ONCE = 12;

/** A run of an order or of a late watch, with its whole history. */
export interface KeptHistory {
  readonly workflowId: string;
  readonly runId: string;
  readonly facts: HistoryFacts;
  /** As `Worker.runReplayHistory` and Temporal's UI read it. */
  readonly json: string;
}

/** The histories of all workflows whose ids begin so, of each of their runs. */
export async function historiesOf(client: Client, prefix: string): Promise<readonly KeptHistory[]> {
  const runs = await listRuns(client, `WorkflowId STARTS_WITH "${prefix}"`);
  const limit = pLimit(AT_ONCE);
  return Promise.all(
    runs.map(({ workflowId, runId }) =>
      limit(async () => {
        const history = await patiently(client, `the history of ${workflowId}`, () =>
          client.workflow.getHandle(workflowId, runId).fetchHistory(),
        );
        return { workflowId, runId, facts: historyFacts(history.events ?? []), json: historyToJSON(history) };
      }),
    ),
  );
}

/** How many of these workflows are open, as far as the lists of Temporal have come. */
export async function countOpen(client: Client, prefix: string): Promise<number> {
  const { count } = await patiently(client, 'how many are open', () =>
    client.workflow.count(`WorkflowId STARTS_WITH "${prefix}" AND ExecutionStatus = "Running"`),
  );
  return count;
}

async function listRuns(client: Client, query: string) {
  return patiently(client, 'the list of all runs', async () => {
    const runs: { workflowId: string; runId: string }[] = [];
    for await (const { workflowId, runId } of client.workflow.list({ query })) runs.push({ workflowId, runId });
    return runs;
  });
}

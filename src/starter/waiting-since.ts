import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import { endingOf } from './ending.ts';
import type { Kind } from './kind.ts';
import { runsQuery } from './workflow-queries.ts';

/** So many ids fit into one query. */
const IDS_PER_QUERY = 50;

type Run = Pick<WorkflowExecutionInfo, 'workflowId' | 'runId' | 'startTime' | 'status'>;

/**
 * Since when open workflows wait: the start of the first run of the same wait. A run that continued as new, or that left
 * unknown what exists, belongs to it; one that found out does not. Temporal forgets old runs, so a workflow may have waited
 * for longer.
 * @returns epoch milliseconds by workflow id
 */
export async function waitingSince<Result>(
  client: Client,
  kind: Pick<Kind<never, Result, never>, 'name' | 'isResult' | 'failures'>,
  open: readonly Run[],
): Promise<ReadonlyMap<string, number>> {
  const runs = new Map<string, Run[]>();
  for (let at = 0; at < open.length; at += IDS_PER_QUERY) {
    const query = runsQuery(open.slice(at, at + IDS_PER_QUERY).map(({ workflowId }) => workflowId));
    for await (const run of client.workflow.list({ query })) {
      runs.set(run.workflowId, [...(runs.get(run.workflowId) ?? []), run]);
    }
  }
  const hasFoundOut = async ({ workflowId, runId }: Run) => {
    const handle = client.workflow.getHandle<() => Promise<Result>>(workflowId, runId, { followRuns: false });
    const ending = await endingOf(kind, handle);
    return ending.kind === 'result' || kind.failures.headline(ending.code) === 'no ticket';
  };
  const since = open.map(async (run) => {
    const startedAtMs = await firstStartMs(run, runs.get(run.workflowId) ?? [], hasFoundOut);
    return [run.workflowId, startedAtMs] as const;
  });
  return new Map(await Promise.all(since));
}

/**
 * The start of the first run of the same wait.
 * @param open the run that waits now
 * @param runs all runs of its workflow that are known, in any order; it may be missing
 * @param hasFoundOut whether a run that failed knew what exists
 */
export async function firstStartMs(
  open: Run,
  runs: readonly Run[],
  hasFoundOut: (run: Run) => Promise<boolean>,
): Promise<number> {
  const earlier = runs
    .filter(({ runId, startTime }) => runId !== open.runId && startTime <= open.startTime)
    .toSorted((one, other) => other.startTime.getTime() - one.startTime.getTime());
  let first = open;
  for (const run of earlier) {
    const { name } = run.status;
    if (name === 'COMPLETED' || name === 'CANCELLED' || (name === 'FAILED' && (await hasFoundOut(run)))) break;
    first = run;
  }
  return first.startTime.getTime();
}

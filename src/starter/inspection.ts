import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import { runStatus } from 'exactly-one';
import type { Kind } from './kind.ts';
import { askForProgress } from './progress.ts';
import { createWaits, type Wait } from './wait.ts';

/** What a workflow reports about itself, and what it waits for. */
export interface Inspection<Progress> {
  readonly progress: Progress | undefined;
  /** What keeps it from going on comes first; none once it has ended. */
  readonly waits: readonly Wait[];
}

export type Inspect = ReturnType<typeof createInspect>;

/**
 * Creates a function that inspects workflows of one moment: it asks once for the workers of a task queue.
 * @param client of the starter
 */
export function createInspect(client: Client) {
  const { waitsOf, pollersOnce } = createWaits(client);

  return async function inspect<Progress>(
    kind: Pick<Kind<never, never, Progress>, 'workflowId' | 'progressQuery' | 'isProgress' | 'progressWait'>,
    id: string,
    described: WorkflowExecutionDescription,
  ): Promise<Inspection<Progress>> {
    const [[lastPoller], waits] = await Promise.all([
      pollersOnce(described.taskQueue),
      isOpen(described) ? waitsOf(described) : [],
    ]);
    // A query waits for a worker, and fails while the workflow task does.
    if (lastPoller === undefined || waits.some(isBlocking)) return { progress: undefined, waits };
    const response = await askForProgress(client, kind, id);
    const progress = response === 'no response' ? undefined : response;
    if (!isOpen(described)) return { progress, waits };
    if (response === 'no response' && waits.length === 0) {
      return { progress, waits: [{ kind: 'worker', taskQueue: described.taskQueue, lastPoller }] };
    }
    const wait = progress && kind.progressWait(progress, Date.now());
    return {
      progress,
      waits: wait === undefined ? waits : [...waits.filter(isFailing), wait, ...waits.filter(isAtWork)],
    };
  };
}

export function isOpen({ status }: Pick<WorkflowExecutionDescription, 'status'>): boolean {
  return runStatus(status.name) === 'running';
}

/** An activity that runs for the first time is at work, and nothing is in its way yet. */
export function isAtWork(wait: Wait): boolean {
  return wait.kind === 'activity' && wait.error === undefined && wait.state !== 'paused';
}

function isBlocking({ kind }: Wait): boolean {
  return kind === 'worker' || kind === 'workflow task' || kind === 'repeated workflow task';
}

function isFailing(wait: Wait): boolean {
  return !isAtWork(wait);
}

import type { Start } from '../../../src/starter/resubmission.ts';

type RunStatus = 'RUNNING' | 'COMPLETED' | 'FAILED' | 'CANCELLED' | 'TERMINATED';

/** A run as Temporal knows it. */
export interface Run {
  readonly runId: string;
  readonly workflowId: string;
  status: RunStatus;
  cancelRequested: boolean;
}

/** The part of Temporal that keeps workflow ids apart. */
export function createTemporal() {
  const runs: Run[] = [];
  const latestOf = (workflowId: string) => runs.findLast((run) => run.workflowId === workflowId);
  const add = (workflowId: string): Run => {
    const run: Run = { runId: `run ${runs.length + 1}`, workflowId, status: 'RUNNING', cancelRequested: false };
    runs.push(run);
    return run;
  };
  return {
    latestOf,
    /** @returns undefined when its policies forbid the start */
    start({ workflowId, workflowIdReusePolicy }: Start): Run | undefined {
      const latest = latestOf(workflowId);
      if (latest !== undefined) {
        if (latest.status === 'RUNNING' || workflowIdReusePolicy === 'REJECT_DUPLICATE') return undefined;
        if (latest.status === 'COMPLETED') return undefined;
      }
      return add(workflowId);
    },
    /** @returns undefined when a run of this id is open */
    startChild(workflowId: string): Run | undefined {
      return latestOf(workflowId)?.status === 'RUNNING' ? undefined : add(workflowId);
    },
    running: (): readonly Run[] => runs.filter(({ status }) => status === 'RUNNING'),
  };
}

export type Temporal = ReturnType<typeof createTemporal>;

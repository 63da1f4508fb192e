/** The status of a workflow's latest run. */
export type RunStatus = 'none' | 'running' | 'completed' | 'closed without a result';

/**
 * A start under the workflow id that all runs share. Temporal refuses it while a run is open and, unless it is
 * `resumed`, if there has ever been one: only a start that knows of an earlier run can follow it.
 */
export interface Start {
  readonly kind: 'start';
  readonly workflowId: string;
  /** A request of an earlier run, such as a create or a void, may still be in flight. */
  readonly resumed: boolean;
  readonly workflowIdReusePolicy: 'REJECT_DUPLICATE' | 'ALLOW_DUPLICATE_FAILED_ONLY';
  readonly workflowIdConflictPolicy: 'FAIL';
}

type Submission =
  | Start
  /** It exists already: wait for its result. */
  | { readonly kind: 'attach' };

/**
 * Decides what a submission does: the first one starts the workflow, later ones attach to it and get the same result.
 * A run that failed, was cancelled or was terminated may have left a request in flight, so the next run is `resumed`.
 */
export function decideSubmission(workflowId: string, status: RunStatus): Submission {
  const start = { kind: 'start', workflowId, workflowIdConflictPolicy: 'FAIL' } as const;
  switch (status) {
    case 'none':
      return { ...start, resumed: false, workflowIdReusePolicy: 'REJECT_DUPLICATE' };
    case 'running':
    case 'completed':
      return { kind: 'attach' };
    case 'closed without a result':
      return { ...start, resumed: true, workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY' };
  }
}

/** @param status Temporal's name for the status of the latest run */
export function runStatus(status: string): RunStatus {
  if (status === 'RUNNING' || status === 'CONTINUED_AS_NEW' || status === 'PAUSED') return 'running';
  return status === 'COMPLETED' ? 'completed' : 'closed without a result';
}

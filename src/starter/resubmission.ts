/** How the latest run of an order stands, as Temporal knows it. */
export type RunStatus = 'none' | 'running' | 'completed' | 'closed without a result';

/**
 * A start under the id that all runs of an order share. Temporal refuses it when a run is open, and, unless it is
 * `resumed`, when there ever was one: so only a start that knows of an earlier run can follow it.
 */
export interface Start {
  readonly kind: 'start';
  readonly workflowId: string;
  /** A create or a void of an earlier run may still be in flight. */
  readonly resumed: boolean;
  readonly workflowIdReusePolicy: 'REJECT_DUPLICATE' | 'ALLOW_DUPLICATE_FAILED_ONLY';
  readonly workflowIdConflictPolicy: 'FAIL';
}

export type Submission =
  | Start
  /** The order is there: its result is the answer. */
  | { readonly kind: 'attach' };

/**
 * What a submission of an order does: the first one starts it, every later one gets the same ticket.
 * A run closed otherwise (failed, cancelled, terminated) may have left a create in flight, so the next one is `resumed`.
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

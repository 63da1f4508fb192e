import { type Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { WORKFLOW_TASK_TIMEOUT_MS } from 'exactly-one/contract';
import { describeWorkflow } from './describe-workflow.ts';
import { decideSubmission, type RunStatus, runStatus, type Start } from './resubmission.ts';

/** `started`: this submission started it. `resumed`: it started it again, after a run that closed without a result. */
export type SubmissionResult = 'started' | 'resumed' | 'was running' | 'was completed';

/** Other starters may start and close the same workflow in the meantime, but hardly this often. */
const MAX_TRIES = 10;

/**
 * Starts a workflow unless it is running or has completed, so that submitting it again leads to the same result.
 * @param start starts it with {@link startOptions}
 * @throws an error of the client when Temporal does not respond
 */
export async function submit(
  client: Client,
  workflowId: string,
  start: (start: Start) => Promise<unknown>,
): Promise<SubmissionResult> {
  let status: RunStatus = 'none';
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const submission = decideSubmission(workflowId, status);
    if (submission.kind === 'attach') return status === 'running' ? 'was running' : 'was completed';
    try {
      await start(submission);
      return submission.resumed ? 'resumed' : 'started';
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      status = await runStatusOf(client, workflowId);
    }
  }
  throw new Error(
    `${workflowId} was started and closed by others ${MAX_TRIES} times in a row; check it in Temporal's UI`,
  );
}

/** The options of a start for Temporal's client. */
export function startOptions({ workflowId, workflowIdReusePolicy, workflowIdConflictPolicy }: Start) {
  return {
    workflowId,
    workflowIdReusePolicy,
    workflowIdConflictPolicy,
    workflowTaskTimeout: WORKFLOW_TASK_TIMEOUT_MS,
  };
}

/** The status of a workflow's latest run. */
export async function runStatusOf(client: Client, workflowId: string): Promise<RunStatus> {
  const described = await describeWorkflow(client, workflowId);
  return described === undefined ? 'none' : runStatus(described.status.name);
}

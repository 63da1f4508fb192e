import { type Client, WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/client';
import { decideSubmission, type RunStatus, runStatus, type Start } from './resubmission.ts';

/** `started`: this submission began it. `resumed`: again, after a run that was closed without a result. */
export type SubmissionResult = 'started' | 'resumed' | 'was running' | 'was completed';

/** Others may start and close the same workflow meanwhile; but not so often. */
const MOST_TRIES = 10;

/**
 * Submits a workflow once, however often this is called: while it runs or when it is completed, it is there.
 * @param start starts it with {@link startOptions}
 * @throws an error of the client when Temporal cannot be asked
 */
export async function submit(
  client: Client,
  workflowId: string,
  start: (start: Start) => Promise<unknown>,
): Promise<SubmissionResult> {
  let status: RunStatus = 'none';
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
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
  throw new Error(`${workflowId} is started and closed by others again and again; look at it in Temporal's UI`);
}

/** A start as the client takes it. */
export function startOptions({ workflowId, workflowIdReusePolicy, workflowIdConflictPolicy }: Start) {
  return { workflowId, workflowIdReusePolicy, workflowIdConflictPolicy };
}

/** How the latest run of a workflow stands. */
export async function runStatusOf(client: Client, workflowId: string): Promise<RunStatus> {
  try {
    const { status } = await client.workflow.getHandle(workflowId).describe();
    return runStatus(status.name);
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return 'none';
    throw error;
  }
}

import { type Client, WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/client';
import { decideSubmission, type RunStanding } from '../protocol/resubmission.ts';

/** `started`: this submission began it. `resumed`: again, after a run that was closed without a result. */
export type HowSubmitted = 'started' | 'resumed' | 'was running' | 'was completed';

/** Others may start and close the same workflow meanwhile; but not so often. */
const MOST_TRIES = 10;

/** How a start deals with an earlier run of the same id, so that only one that knows of it can follow it. */
export function startPolicies(resumed: boolean) {
  return {
    workflowIdReusePolicy: resumed ? 'ALLOW_DUPLICATE_FAILED_ONLY' : 'REJECT_DUPLICATE',
    workflowIdConflictPolicy: 'FAIL',
  } as const;
}

/**
 * Submits a workflow once, however often this is called: while it runs or when it is completed, it is there.
 * @param start starts it with {@link startPolicies}
 * @throws an error of the client when Temporal cannot be asked
 */
export async function submit(
  client: Client,
  workflowId: string,
  start: (resumed: boolean) => Promise<unknown>,
): Promise<HowSubmitted> {
  let standing: RunStanding = 'none';
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const submission = decideSubmission(standing);
    if (submission.kind === 'attach') return standing === 'running' ? 'was running' : 'was completed';
    try {
      await start(submission.resumed);
      return submission.resumed ? 'resumed' : 'started';
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      standing = await standingOf(client, workflowId);
    }
  }
  throw new Error(`${workflowId} is started and closed by others again and again; look at it in Temporal's UI`);
}

/** How the latest run of a workflow stands. */
export async function standingOf(client: Client, workflowId: string): Promise<RunStanding> {
  try {
    const { status } = await client.workflow.getHandle(workflowId).describe();
    if (status.name === 'RUNNING' || status.name === 'CONTINUED_AS_NEW' || status.name === 'PAUSED') return 'running';
    return status.name === 'COMPLETED' ? 'completed' : 'closed without a result';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return 'none';
    throw error;
  }
}

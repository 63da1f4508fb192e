import { isGrpcServiceError } from '@temporalio/client';
import { waitUntil } from '../../src/platform/processes/wait-until.ts';
import type { Stage } from '../../testbed/stage.ts';

const GRPC_NOT_FOUND = 5;
/** Of Temporal's enum PendingActivityState: it waits, for a worker or for its back-off. */
const PENDING_ACTIVITY_STATE_SCHEDULED = 1;

/** A workflow that waits for an activity which fails. */
export interface WaitingWorkflow {
  readonly workflowId: string;
  readonly activity: string;
  readonly attempt: number;
  readonly message: string;
  /** The line of ours where it failed. */
  readonly at: string;
}

/** Waits until every workflow has an activity that has failed more than once. */
export async function untilAllWait({ client }: Stage, ids: readonly string[]): Promise<readonly WaitingWorkflow[]> {
  return waitUntil(
    async () => {
      const waiting: WaitingWorkflow[] = [];
      for (const workflowId of ids) {
        const { raw } = await client.workflow.getHandle(workflowId).describe();
        const pending = raw.pendingActivities?.find(({ attempt, lastFailure }) => (attempt ?? 0) > 2 && lastFailure);
        if (pending === undefined) return false;
        const { activityType, attempt, lastFailure } = pending;
        waiting.push({
          workflowId,
          activity: activityType?.name ?? 'an activity',
          attempt: attempt ?? 0,
          message: lastFailure?.message ?? '',
          at: lineOfOurs(lastFailure?.stackTrace ?? '', 'src/activities/'),
        });
      }
      return waiting;
    },
    { what: 'every workflow to wait for an activity that fails', timeoutMs: 60_000, everyMs: 100 },
  );
}

/** The activity was quicker than its reset: there is nothing to wait for any more. */
function ignoreNotFound(error: unknown): void {
  if (!isGrpcServiceError(error) || error.code !== GRPC_NOT_FOUND) throw error;
}

/** The first line of a stack that lies in this folder of ours, without the folder of the copy. */
export function lineOfOurs(stack: string, folder: string): string {
  const line = stack.split('\n').find((each) => each.includes(folder)) ?? '';
  return line.replace(/\(?(file:\/\/)?\/\S*\/(?=src\/)/, '(').trim();
}

/** Lets every waiting activity try again now. A create of a ticket is never among them: it does not wait, and resetting it would send it twice. */
export async function resetBackOff({ client }: Stage, ids: readonly string[]): Promise<void> {
  for (const workflowId of ids) {
    const { raw } = await client.workflow.getHandle(workflowId).describe();
    for (const { activityId, activityType, state } of raw.pendingActivities ?? []) {
      // One that runs already needs no reset: its answer would be thrown away, and waited for in vain.
      const waits = state === PENDING_ACTIVITY_STATE_SCHEDULED;
      if (!waits || activityType?.name === 'createTicket' || !activityId) continue;
      await client.workflowService
        .resetActivity({ namespace: client.options.namespace, execution: { workflowId }, id: activityId })
        .catch(ignoreNotFound);
    }
  }
}

import { waitUntil } from '../../src/platform/processes/wait-until.ts';
import { recordedError } from '../../src/starter/recorded-error.ts';
import { isNotFound } from '../../testbed/is-not-found.ts';
import type { Stage } from '../../testbed/stage.ts';

/** Temporal's `PendingActivityState.SCHEDULED`: the activity waits for a worker or for its back-off. */
const PENDING_ACTIVITY_STATE_SCHEDULED = 1;

/** A workflow whose activity fails and is retried. */
export interface WaitingWorkflow {
  readonly workflowId: string;
  readonly activity: string;
  readonly attempt: number;
  readonly message: string;
  /** The line of the source where it failed. */
  readonly at: string;
}

/** Waits until every workflow has an activity that has failed twice. */
export async function untilAllRetry({ client }: Stage, ids: readonly string[]): Promise<readonly WaitingWorkflow[]> {
  return waitUntil(
    async () => {
      const waiting: WaitingWorkflow[] = [];
      for (const workflowId of ids) {
        const { raw } = await client.workflow.getHandle(workflowId).describe();
        const pending = raw.pendingActivities?.find(({ attempt, lastFailure }) => (attempt ?? 0) > 2 && lastFailure);
        if (pending === undefined) return false;
        const { activityType, attempt, lastFailure } = pending;
        const { error, at } = recordedError(lastFailure ?? {});
        waiting.push({
          workflowId,
          activity: activityType?.name ?? 'an activity',
          attempt: attempt ?? 0,
          message: error,
          at: at ?? '',
        });
      }
      return waiting;
    },
    { what: 'every workflow to retry an activity that fails', timeoutMs: 60_000, everyMs: 100 },
  );
}

/** The activity may have ended before its reset. */
function ignoreNotFound(error: unknown): void {
  if (!isNotFound(error)) throw error;
}

/** Ends the back-off of all waiting activities. `createTicket` is never reset: it does not wait, and a reset would send it twice. */
export async function resetBackOff({ client }: Stage, ids: readonly string[]): Promise<void> {
  for (const workflowId of ids) {
    const { raw } = await client.workflow.getHandle(workflowId).describe();
    for (const { activityId, activityType, state } of raw.pendingActivities ?? []) {
      // The result of an activity that is reset while it runs would be discarded.
      const waits = state === PENDING_ACTIVITY_STATE_SCHEDULED;
      if (!waits || activityType?.name === 'createTicket' || !activityId) continue;
      await client.workflowService
        .resetActivity({ namespace: client.options.namespace, execution: { workflowId }, id: activityId })
        .catch(ignoreNotFound);
    }
  }
}

import type { Client } from '@temporalio/client';
import { timestampMs } from './timestamps.ts';

/** A worker that polls a task queue. Temporal remembers one for minutes after its last poll, also when it is dead. */
export interface Poller {
  /** `<process id>@<host>`, unless the worker has another name. */
  readonly identity: string;
  /** When its last poll began: epoch milliseconds. A worker that has nothing to do polls about once a minute. */
  readonly lastPollMs: number;
}

/** `temporal.api.enums.v1.TaskQueueType` of Temporal's API. */
const WORKFLOW_TASK_QUEUE = 1;
const DESCRIBE_TIMEOUT_MS = 10_000;

/** The workers that poll a task queue for workflow tasks, the one that polled last first. */
export async function pollersOf(client: Client, taskQueue: string): Promise<readonly Poller[]> {
  const { pollers } = await client.withDeadline(Date.now() + DESCRIBE_TIMEOUT_MS, () =>
    client.workflowService.describeTaskQueue({
      namespace: client.options.namespace,
      taskQueue: { name: taskQueue },
      taskQueueType: WORKFLOW_TASK_QUEUE,
    }),
  );
  return (pollers ?? [])
    .map(({ identity, lastAccessTime }) => ({
      identity: identity ?? 'a worker',
      lastPollMs: timestampMs(lastAccessTime) ?? 0,
    }))
    .sort((one, other) => other.lastPollMs - one.lastPollMs);
}

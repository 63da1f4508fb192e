import type { Client } from '@temporalio/client';

/** `temporal.api.enums.v1.TaskQueueType` of Temporal's API. */
const WORKFLOW_TASK_QUEUE = 1;
const ANSWER_WITHIN_MS = 10_000;

/** Says on stderr when no worker polls the task queue, so that nobody wonders why nothing happens. */
export async function warnWithoutWorker(client: Client, taskQueue: string, what: string): Promise<void> {
  const { pollers } = await client.withDeadline(Date.now() + ANSWER_WITHIN_MS, () =>
    client.workflowService.describeTaskQueue({
      namespace: client.options.namespace,
      taskQueue: { name: taskQueue },
      taskQueueType: WORKFLOW_TASK_QUEUE,
    }),
  );
  if ((pollers ?? []).length > 0) return;
  console.error(`no worker polls the task queue ${taskQueue}: the ${what} wait for one (npm run worker)`);
}

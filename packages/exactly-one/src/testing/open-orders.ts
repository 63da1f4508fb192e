import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { describeWorkflow } from '../client/describe-workflow.ts';
import { messages } from '../contract/messages.ts';
import type { Progress } from '../contract/progress.ts';
import { withoutFullStop } from './order-end.ts';

/** How many open orders are shown. */
const SHOWN = 3;
/** A worker that does not respond must not hold up the message. */
const QUERY_TIMEOUT_MS = 3_000;
/** New workflows appear in the visibility of a server within this time. */
const CLEAN_UP_MS = 3_000;
const POLL_MS = 200;

/** Why orders are still open, for people to read: a line for each of the first few. */
export async function whyOpen(client: Client, orderIds: readonly string[]): Promise<string> {
  const lines = await Promise.all(orderIds.slice(0, SHOWN).map(async (id) => `\n- ${await whyOpenIs(client, id)}`));
  const more = orderIds.length - SHOWN;
  return `${lines.join('')}${more > 0 ? `\n- and ${more} more` : ''}`;
}

async function whyOpenIs(client: Client, orderId: string): Promise<string> {
  const [progress, failure] = await Promise.all([
    progressOf(client, orderId),
    lastFailure(client, orderId).catch(() => undefined),
  ]);
  return `${orderId}: ${progress}${failure === undefined ? '' : `; ${failure}`}`;
}

async function progressOf(client: Client, orderId: string): Promise<string> {
  const asked = new AbortController();
  const noAnswer = pause(QUERY_TIMEOUT_MS, 'no worker answers what it waits for', { signal: asked.signal });
  const query = client.workflow
    .getHandle(orderId)
    .query<Progress>(messages.progress)
    .then(
      ({ phase, detail }) => `${phase}: ${withoutFullStop(detail)}`,
      (error: unknown) => `its progress is not known: ${withoutFullStop(messageOf(error))}`,
    );
  try {
    return await Promise.race([query, noAnswer]);
  } finally {
    noAnswer.catch(() => undefined);
    asked.abort();
  }
}

/** Of the activity that it waits for. */
async function lastFailure(client: Client, orderId: string): Promise<string | undefined> {
  const described = await describeWorkflow(client, orderId);
  const pending = described?.raw.pendingActivities?.find(({ lastFailure: failure }) => failure?.message);
  if (pending === undefined) return undefined;
  const { activityType, attempt, lastFailure: failure } = pending;
  return `${activityType?.name}, attempt ${attempt}, failed: ${withoutFullStop(String(failure?.message))}`;
}

/** Waits until a worker polls a task queue: until then it starts, which takes long on a busy machine. */
export async function untilPolled(
  client: Client,
  { taskQueue, namespace, signal }: { taskQueue: string; namespace: string; signal: AbortSignal },
): Promise<void> {
  for (;;) {
    const { pollers } = await client.workflowService.describeTaskQueue({
      namespace,
      taskQueue: { name: taskQueue },
      // Of workflow tasks.
      taskQueueType: 1,
    });
    if ((pollers ?? []).length > 0) return;
    await pause(POLL_MS, undefined, { signal });
  }
}

/** Terminates orders, and whatever else runs on their task queue, such as late watches. */
export async function terminateOpen(
  client: Client,
  { orderIds, taskQueue }: { readonly orderIds: readonly string[]; readonly taskQueue: string },
): Promise<void> {
  const terminate = (workflowId: string) =>
    client.workflow
      .getHandle(workflowId)
      .terminate('expectExactlyOne has failed')
      // It has ended already, or never started.
      .catch(() => undefined);
  await Promise.all(orderIds.map(terminate));
  const endsAtMs = performance.now() + CLEAN_UP_MS;
  const query = `TaskQueue = '${taskQueue}' AND ExecutionStatus = 'Running'`;
  // What has just been started appears a little later.
  for (let absent = 0; absent < 2 && performance.now() < endsAtMs; absent += 1) {
    for await (const { workflowId } of client.workflow.list({ query })) {
      absent = -1;
      await terminate(workflowId);
    }
    await pause(POLL_MS);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import { type Poller, pollersOf } from './pollers.ts';
import { type RecordedError, recordedError } from './recorded-error.ts';
import { lastTaskFailure, type TaskFailure } from './task-failure.ts';
import { timestampMs } from './timestamps.ts';

/** What an open workflow waits for. All times are epoch milliseconds. */
export type Wait =
  /** Its workflow task fails, and Temporal retries it until the code is right. The workflow has not failed. */
  | ({ readonly kind: 'workflow task'; readonly attempt: number; readonly sinceMs?: number } & RecordedError)
  /** Its workflow task timed out, and Temporal repeats it. Its code may be right. */
  | { readonly kind: 'repeated workflow task'; readonly attempt: number; readonly sinceMs?: number }
  /** No worker takes its task, which has been ready for a while, or no worker polls its task queue at all. */
  | {
      readonly kind: 'worker';
      readonly taskQueue: string;
      readonly readySinceMs?: number;
      /** The worker that polled last; undefined when none polls. */
      readonly lastPoller?: Poller;
    }
  /** An activity that is running, or that will be tried again. */
  | ({
      readonly kind: 'activity';
      readonly activity: string;
      readonly attempt: number;
      readonly state: 'running' | 'backing off' | 'paused';
      readonly startedMs?: number;
      /** When a running attempt ends at the latest. */
      readonly endsByMs?: number;
      readonly nextAttemptMs?: number;
    } & Partial<RecordedError>)
  /** A time that the workflow itself has reported. */
  | { readonly kind: 'fence' | 'next create' | 'final check'; readonly untilMs?: number };

/** Temporal's `PendingActivityState`. */
const SCHEDULED = 1;
const PAUSED = 4;

/** Temporal's `PendingWorkflowTaskState`. */
const TASK_SCHEDULED = 1;

/** A worker takes a task at once, so one that is ready for this long has none. */
const WORKER_IS_LATE_MS = 1_500;

/**
 * Finds out what open workflows wait for, from what Temporal knows of them. It remembers the workers of a task queue, so a
 * command that looks again creates another one.
 * @param nowMs epoch milliseconds
 */
export function createWaits(client: Client, nowMs: () => number = Date.now) {
  const known = new Map<string, Promise<readonly Poller[]>>();
  const pollersOnce = (taskQueue: string) => {
    const asked = known.get(taskQueue) ?? pollersOf(client, taskQueue);
    known.set(taskQueue, asked);
    return asked;
  };

  /** What keeps a workflow from going on comes first. Empty when it is at work, or waits for a time. */
  const waitsOf = async (described: WorkflowExecutionDescription): Promise<readonly Wait[]> => {
    const attempt = described.raw.pendingWorkflowTask?.attempt ?? 0;
    const [failure, pollers] = await Promise.all([
      attempt > 1 ? lastTaskFailure(client, described) : undefined,
      pollersOnce(described.taskQueue),
    ]);
    return waitsIn(described, failure, pollers, nowMs());
  };
  return { waitsOf, pollersOnce };
}

type Raw = WorkflowExecutionDescription['raw'];
type PendingActivity = NonNullable<Raw['pendingActivities']>[number];

/**
 * @param failure why its workflow task is repeated, if it is
 * @param pollers of its task queue, the one that polled last first
 */
export function waitsIn(
  { raw, taskQueue }: Pick<WorkflowExecutionDescription, 'raw' | 'taskQueue'>,
  failure: TaskFailure | undefined,
  [lastPoller]: readonly Poller[],
  now: number,
): readonly Wait[] {
  const readySinceMs = readySince(raw, now);
  const hasNoWorker =
    lastPoller === undefined || (readySinceMs !== undefined && now - readySinceMs > WORKER_IS_LATE_MS);
  const worker = {
    kind: 'worker',
    taskQueue,
    ...(readySinceMs === undefined ? {} : { readySinceMs }),
    ...(lastPoller === undefined ? {} : { lastPoller }),
  } as const;
  const task = failure && taskWait(failure, raw.pendingWorkflowTask?.attempt ?? 0);
  const blocking = [...(task === undefined ? [] : [task]), ...(hasNoWorker ? [worker] : [])];
  return [
    // A task that timed out only needs a worker.
    ...(failure?.kind === 'timed out' ? blocking.reverse() : blocking),
    ...(raw.pendingActivities ?? []).map((each) => activityWait(each, now)),
  ];
}

function taskWait(failure: TaskFailure, attempt: number): Wait {
  const { kind, ...why } = failure;
  return 'error' in why
    ? { kind: 'workflow task', attempt, ...why }
    : { kind: 'repeated workflow task', attempt, ...why };
}

/** Since when a task of a workflow or one of its activities could have been taken by a worker, the oldest first. */
function readySince({ pendingWorkflowTask: task, pendingActivities }: Raw, now: number): number | undefined {
  const scheduled = [
    ...(task?.state === TASK_SCHEDULED ? [timestampMs(task.scheduledTime)] : []),
    ...(pendingActivities ?? []).flatMap(({ state, scheduledTime }) =>
      state === SCHEDULED ? [timestampMs(scheduledTime)] : [],
    ),
  ];
  const ready = scheduled.filter((atMs) => atMs !== undefined && atMs <= now);
  return ready.reduce((oldest, atMs) => Math.min(oldest ?? now, atMs ?? now), undefined);
}

function activityWait(pending: PendingActivity, now: number): Wait {
  const { activityType, attempt, state, lastFailure, lastStartedTime, activityOptions, scheduledTime } = pending;
  const scheduledMs = timestampMs(scheduledTime);
  const startedMs = state === SCHEDULED || state === PAUSED ? undefined : timestampMs(lastStartedTime);
  const timeoutMs = timestampMs(activityOptions?.startToCloseTimeout);
  const waitsMs = timestampMs(pending.nextAttemptScheduleTime) ?? scheduledMs;
  return {
    kind: 'activity',
    activity: activityType?.name ?? 'an activity',
    attempt: attempt ?? 1,
    state: state === PAUSED ? 'paused' : state === SCHEDULED ? 'backing off' : 'running',
    ...(startedMs === undefined ? {} : { startedMs }),
    ...(startedMs === undefined || timeoutMs === undefined ? {} : { endsByMs: startedMs + timeoutMs }),
    ...(state === SCHEDULED && waitsMs !== undefined && waitsMs > now ? { nextAttemptMs: waitsMs } : {}),
    ...(lastFailure ? recordedError(lastFailure) : {}),
  };
}

import { asyncLocalStorage, Context, type Info } from '@temporalio/activity';

/** When the attempt was scheduled: epoch milliseconds. */
export const SCHEDULED_AT_MS = 1_700_000_000_000;

const INFO = {
  activityId: '7',
  attempt: 2,
  currentAttemptScheduledTimestampMs: SCHEDULED_AT_MS,
  startToCloseTimeoutMs: 11_000,
  workflowExecution: { workflowId: 'booking-1', runId: 'run-1' },
} satisfies Partial<Info>;

/** Runs a function as the second attempt of an activity that may take eleven seconds. */
export function inActivity<Result>(
  run: () => Promise<Result>,
  cancellationSignal: AbortSignal = new AbortController().signal,
): Promise<Result> {
  const context = Object.assign(Object.create(Context.prototype), { info: INFO, cancellationSignal });
  return asyncLocalStorage.run(context, run);
}

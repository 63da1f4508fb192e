import { describe, expect, test } from '@jest/globals';
import { taskFailureIn } from './task-failure.ts';
import { waitsIn } from './wait.ts';

const NOW = 1_700_000_000_000;
const POLLERS = [{ identity: '4711@ann', lastPollMs: NOW - 40_000 }];
const TASK_TIMED_OUT = { workflowTaskTimedOutEventAttributes: {} };
const TASK_FAILED = { workflowTaskFailedEventAttributes: { failure: { message: 'Division by zero' } } };
const TASK_COMPLETED = { workflowTaskCompletedEventAttributes: {} };

/** The kinds of what a workflow waits for whose second workflow task was ready some time ago, and why. */
function kindsOf(lastEvents: readonly object[], readyForMs: number, pollers = POLLERS) {
  const seconds = Math.floor((NOW - readyForMs) / 1_000);
  const scheduledTime = { seconds: Object(seconds), nanos: 0 };
  const raw = { pendingWorkflowTask: { state: 1, attempt: 2, scheduledTime } };
  return waitsIn({ raw, taskQueue: 'orders' }, taskFailureIn([...lastEvents]), pollers, NOW).map(({ kind }) => kind);
}

describe('a workflow whose task timed out because its worker was killed', () => {
  test('waits for a worker first when none takes the task', () => {
    expect(kindsOf([TASK_TIMED_OUT, TASK_COMPLETED], 5_000)).toEqual(['worker', 'repeated workflow task']);
    expect(kindsOf([TASK_TIMED_OUT], 0, [])).toEqual(['worker', 'repeated workflow task']);
  });

  test('waits for the next attempt while its worker may come, and never for a fix of its code', () => {
    expect(kindsOf([TASK_TIMED_OUT, TASK_COMPLETED], 0)).toEqual(['repeated workflow task']);
  });
});

test('a workflow whose task failed waits for a fix first', () => {
  expect(kindsOf([TASK_FAILED, TASK_COMPLETED], 5_000)).toEqual(['workflow task', 'worker']);
});

test('a workflow whose last task completed waits for none', () => {
  expect(kindsOf([TASK_COMPLETED, TASK_FAILED], 0)).toEqual([]);
});

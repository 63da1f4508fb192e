import type { InjectedSinks } from '@temporalio/worker';
import { failpoint } from './failpoint.ts';
import type { TaskSinks } from './task-sinks.ts';

/** Temporal is told of a workflow task only when its sinks are done. The workflow id of an order is its order id. */
export const taskSinks: InjectedSinks<TaskSinks> = {
  task: { decides: { fn: ({ workflowId }, what) => failpoint(`task.${what}`, workflowId) } },
};

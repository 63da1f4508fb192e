import type { InjectedSinks } from '@temporalio/worker';
import type { TaskSinks } from '../contracts/task-sinks.ts';
import { crashPoint } from '../faults/crash-point.ts';

/** Temporal is told of a workflow task only when its sinks are done. The workflow id of an order is its order id. */
export const taskSinks: InjectedSinks<TaskSinks> = {
  task: { decides: { fn: ({ workflowId }, what) => crashPoint(`task.${what}`, workflowId) } },
};

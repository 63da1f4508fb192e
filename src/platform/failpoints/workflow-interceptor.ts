import { type ConcludeActivationInput, proxySinks, type WorkflowInterceptors } from '@temporalio/workflow';
import type { Deciding } from './failpoints.ts';
import type { TaskSinks } from './task-sinks.ts';

type Commands = ConcludeActivationInput['commands'];

const { task } = proxySinks<TaskSinks>();

/** Tells the worker what a workflow task has decided, before Temporal is told: a failpoint lies there. */
export const interceptors = (): WorkflowInterceptors => {
  let createIsOut = false;
  return {
    internals: [
      {
        concludeActivation(input, next) {
          const output = next(input);
          for (const what of decidedBy(output.commands, createIsOut)) task.decides(what);
          if (doesSomething(output.commands)) createIsOut = schedules(output.commands, 'createTicket');
          return output;
        },
      },
    ],
  };
};

function decidedBy(commands: Commands, createIsOut: boolean): readonly Deciding[] {
  return [
    ...(createIsOut && doesSomething(commands) ? ['outcome' as const] : []),
    ...(schedules(commands, 'createTicket') ? ['create' as const] : []),
    ...(schedules(commands, 'voidTicket') ? ['void' as const] : []),
    ...(commands.some(({ completeWorkflowExecution }) => completeWorkflowExecution) ? ['result' as const] : []),
  ];
}

/** A query is answered by a task too, which does nothing. */
function doesSomething(commands: Commands): boolean {
  return commands.some(({ respondToQuery }) => !respondToQuery);
}

function schedules(commands: Commands, activityType: string): boolean {
  return commands.some(({ scheduleActivity }) => scheduleActivity?.activityType === activityType);
}

import { type ConcludeActivationInput, proxySinks, type WorkflowInterceptors } from '@temporalio/workflow';
import type { Failpoint } from './failpoints.ts';

type TaskFailpoint = Extract<Failpoint, `task.${string}`>;
type Commands = ConcludeActivationInput['commands'];

/** Called outside of the sandbox. The SDK completes a workflow task only after its sinks have returned. */
export type FailpointSinks = {
  readonly failpoints: {
    reach(point: TaskFailpoint): void;
  };
};

const { failpoints } = proxySinks<FailpointSinks>();

/** Reaches the failpoints of a workflow task: when it has decided, before it reports to Temporal. */
export const interceptors = (): WorkflowInterceptors => {
  let createIsPending = false;
  return {
    internals: [
      {
        concludeActivation(input, next) {
          const output = next(input);
          const { commands } = output;
          if (createIsPending && hasEffect(commands)) failpoints.reach('task.outcome');
          if (schedules(commands, 'createTicket')) failpoints.reach('task.create');
          if (schedules(commands, 'voidTicket')) failpoints.reach('task.void');
          if (commands.some(({ completeWorkflowExecution }) => completeWorkflowExecution)) {
            failpoints.reach('task.result');
          }
          if (hasEffect(commands)) createIsPending = schedules(commands, 'createTicket');
          return output;
        },
      },
    ],
  };
};

/** A task that only responds to a query has none. */
function hasEffect(commands: Commands): boolean {
  return commands.some(({ respondToQuery }) => !respondToQuery);
}

function schedules(commands: Commands, activityType: string): boolean {
  return commands.some(({ scheduleActivity }) => scheduleActivity?.activityType === activityType);
}

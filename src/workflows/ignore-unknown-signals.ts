import { log, type WorkflowInterceptors, workflowInfo } from '@temporalio/workflow';
import { quoted } from '../contracts/secrets.ts';
import { messages, workflowTypes } from '../contracts/workflow-names.ts';

/** So many ignored signals of one run are logged. */
const MAX_LOGGED = 20;

/**
 * Ignores signals that no workflow handles. The SDK would keep them, with their payloads, until a handler for them is
 * set. A default handler would not do, because the SDK then fails the task of a signal whose name begins with
 * `__temporal_`.
 */
export const interceptors = (): WorkflowInterceptors => {
  const handled: readonly unknown[] =
    workflowInfo().workflowType === workflowTypes.processOrder
      ? [messages.giveUp, messages.checkNow]
      : [messages.giveUp];
  let ignored = 0;
  return {
    internals: [
      {
        activate(input, next) {
          const { activation } = input;
          const jobs = activation.jobs?.filter(({ signalWorkflow }) => {
            if (!signalWorkflow || handled.includes(signalWorkflow.signalName)) return true;
            ignored += 1;
            if (ignored <= MAX_LOGGED) log.warn('ignored a signal', { signal: quoted(signalWorkflow.signalName) });
            return false;
          });
          next({ ...input, activation: { ...activation, jobs: jobs ?? null } });
        },
      },
    ],
  };
};

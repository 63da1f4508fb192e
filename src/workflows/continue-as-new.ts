import { condition, workflowInfo } from '@temporalio/workflow';

export type Continuation = ReturnType<typeof createContinuation>;

/**
 * Continues a workflow as new when the server suggests it: not only before its next step, because signals from outside
 * lengthen the history of a workflow that merely waits, and the server terminates it at its limit.
 * @param continueAsNew hands on what the workflow knows; never returns
 */
export function createContinuation(continueAsNew: () => Promise<never>) {
  let waits = 0;
  const isSuggested = () => workflowInfo().continueAsNewSuggested;

  return {
    /** Waits for what the next run can wait for again, such as a timer or an activity that is safe to repeat. */
    async interruptible<T>(wait: () => Promise<T>): Promise<T> {
      if (isSuggested()) await continueAsNew();
      waits += 1;
      try {
        return await wait();
      } finally {
        waits -= 1;
      }
    },

    /** To be raced against the workflow's work: continues as new as soon as it is suggested and the work can be interrupted. */
    whenSuggested: (): Promise<never> => condition(() => waits > 0 && isSuggested()).then(continueAsNew),
  };
}

import { condition, workflowInfo } from '@temporalio/workflow';

/** See {@link createContinuation}. */
export type Continuation = ReturnType<typeof createContinuation>;

/**
 * Continues a workflow as new when the server suggests it, also while the workflow merely waits: signals from outside
 * lengthen its history then too, and the server terminates a workflow whose history is too long.
 * @param continueAsNew hands on what the workflow knows
 */
export function createContinuation(continueAsNew: () => Promise<never>) {
  let waits = 0;
  let isContinuing = false;
  let isStopped = false;
  const isSuggested = () => !isStopped && workflowInfo().continueAsNewSuggested;

  return {
    /** Waits for something that the next run can begin again: a timer, or an activity that is safe to repeat. */
    async interruptible<Result>(wait: () => Promise<Result>): Promise<Result> {
      if (isSuggested()) await continueAsNew();
      waits += 1;
      try {
        return await wait();
      } finally {
        waits -= 1;
        // What it waited for may have come in the same task. The next run begins it again, so this one must not go on.
        if (isContinuing) await new Promise<never>(() => undefined);
      }
    },

    /** The workflow is about to end, and what it still waits for does not matter. */
    stop() {
      isStopped = true;
    },

    /** Ends the race against the work of the workflow when continuing is suggested and all that it does is wait. */
    whenSuggested(): Promise<never> {
      return condition(() => {
        isContinuing ||= waits > 0 && isSuggested();
        return isContinuing;
      }).then(continueAsNew);
    },
  };
}

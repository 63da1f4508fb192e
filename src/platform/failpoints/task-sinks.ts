import type { Deciding } from './failpoints.ts';

/** What a workflow task tells its worker, outside of the workflow, before Temporal is told what the task has decided. */
export type TaskSinks = {
  readonly task: {
    decides(what: Deciding): void;
  };
};

/** What workflows log about their runs, for the worker to recognise. */
export const RUN_LOG = {
  /** Followed by the step after which it resumes. */
  resumed: 'resumes',
  taskFailed: 'workflow task failed',
} as const;

/** What follows from a failed workflow task. */
export const TASK_WAITS = 'the workflow waits and has not failed';

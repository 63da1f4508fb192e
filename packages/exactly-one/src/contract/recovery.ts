// How soon Temporal notices that a worker has died and lets another one go on. All times are in milliseconds.

/**
 * How long Temporal waits for a sign of life of an activity. A healthy worker that is late costs a repetition, or a create
 * whose outcome counts as unknown: the fence does not depend on it.
 */
export const HEARTBEAT_TIMEOUT_MS = 3_000;

/** How long a workflow task may take. The SDK interrupts workflow code after the same time. */
export const WORKFLOW_TASK_TIMEOUT_MS = 5_000;

/** How long the next task of a workflow waits for the worker that has it in its cache. */
export const STICKY_TIMEOUT_MS = 2_000;

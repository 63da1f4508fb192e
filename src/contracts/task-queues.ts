/** The task queue on which workers and starters meet when `TASK_QUEUE` names no other. */
export const DEFAULT_TASK_QUEUE = 'temporal-ticketing';

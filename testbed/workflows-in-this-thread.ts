import v8 from 'node:v8';

// A thread for each worker of the tests would load the SDK once more.
process.env.TEMPORAL_DEBUG = 'true';

/**
 * For the call stacks that Temporal's UI shows, the SDK notes where each promise of a workflow came from, and checks for that
 * at every promise of the thread. No test reads them; they would cost a seventh of its time.
 */
Object.assign(v8, { promiseHooks: { ...v8.promiseHooks, createHook: () => () => undefined } });

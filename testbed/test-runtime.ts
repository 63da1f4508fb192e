import v8 from 'node:v8';
import { DefaultLogger, makeTelemetryFilterString, Runtime } from '@temporalio/worker';

// Import this module before a test creates a worker: it makes Temporal's SDK quiet and fast in this process.

Runtime.install({
  logger: new DefaultLogger('ERROR'),
  shutdownSignals: [],
  telemetryOptions: { logging: { filter: makeTelemetryFilterString({ core: 'ERROR', other: 'ERROR' }) } },
});

// Runs workflows in this thread: otherwise each worker would start a thread that loads the SDK again.
process.env.TEMPORAL_DEBUG = 'true';

// The SDK records where each promise of a workflow was created, for the call stacks in Temporal's UI. No test reads
// these, and recording them takes about a seventh of a test's time.
Object.assign(v8, { promiseHooks: { ...v8.promiseHooks, createHook: () => () => undefined } });

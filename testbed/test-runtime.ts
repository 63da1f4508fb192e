import { DefaultLogger, makeTelemetryFilterString } from '@temporalio/worker';
import { installRuntime } from './install-runtime.ts';

// Import this module before a test creates a worker: it makes Temporal's SDK quiet and fast in this process.

await installRuntime({
  logger: new DefaultLogger('ERROR'),
  shutdownSignals: [],
  telemetryOptions: { logging: { filter: makeTelemetryFilterString({ core: 'ERROR', other: 'ERROR' }) } },
});

// Runs workflows in this thread: otherwise each worker would start a thread that loads the SDK again. In a test the SDK is
// outside of this file's sandbox and reads the environment there; in a program there is no sandbox.
const { env } = typeof requireNatively === 'function' ? requireNatively('node:process') : process;
env.TEMPORAL_DEBUG = 'true';

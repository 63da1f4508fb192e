import { Worker } from '@temporalio/worker';
import { readSettings } from '../../src/platform/config/settings.ts';
import { createLogger } from '../../src/platform/logging/logger.ts';
import { exitWithParent } from '../../src/platform/processes/exit-with-parent.ts';
import { onStopSignals } from '../../src/platform/processes/on-stop-signals.ts';
import { runProgram } from '../../src/platform/processes/run-program.ts';
import { connectWorker } from '../../src/platform/temporal/connect-worker.ts';
import { installRuntime } from '../../src/worker/runtime.ts';
import { sdkLogger } from '../../src/worker/sdk-log.ts';
import { workflowBundle } from '../../src/worker/workflow-bundle.ts';

await runProgram(runCountingWorker, { stdout: 'logs' });

/** Runs a worker for `countToTen`, whose numbers it prints. */
async function runCountingWorker(): Promise<number> {
  const { taskQueue, metricsAddress } = readSettings();
  const logger = createLogger('worker', 'warn');
  installRuntime(logger, metricsAddress);
  const [{ connection, namespace }, bundle] = await Promise.all([
    connectWorker({ warn: (warning) => logger.warn(warning) }),
    workflowBundle({ workflows: 'demos/count/workflows', logger: sdkLogger(logger) }),
  ]);
  const worker = await Worker.create({
    connection,
    namespace,
    taskQueue,
    workflowBundle: bundle,
    activities: { say: async (n: number) => console.log(n) },
    // Without a cache there is no sticky queue, so the next worker continues at once.
    maxCachedWorkflows: 0,
  });
  const running = worker.run();
  const stop = () => {
    if (worker.getState() === 'RUNNING') worker.shutdown();
    return running;
  };
  onStopSignals(stop, () => process.exit(1));
  exitWithParent(stop);
  console.log('worker is ready');
  await running;
  await connection.close();
  return 0;
}

import { readSettings } from '../platform/config/settings.ts';
import { armFailpoints } from '../platform/failpoints/failpoint.ts';
import { createLogger } from '../platform/logging/logger.ts';
import { leaveWithParent } from '../platform/processes/leave-with-parent.ts';
import { onStopSignals } from '../platform/processes/on-stop-signals.ts';
import { connectWorker } from '../platform/temporal/connect-worker.ts';
import { createWorker, type MoreActivities } from './create-worker.ts';
import { checkRetention } from './retention.ts';
import { installRuntime, sdkLogger } from './runtime.ts';
import { mayUseSearchAttributes } from './search-attributes.ts';
import { workflowBundle } from './workflow-bundle.ts';

/** What a worker carries beyond the product's own, or in its place. */
export interface WorkerLoad {
  /** Whose `index.ts` exports the workflows; default the product's. */
  readonly workflows?: string;
  readonly moreActivities?: MoreActivities;
}

/**
 * Runs a worker until it is told to stop; then the creates it has begun are finished first.
 * @returns the exit code
 */
export async function runWorker({ workflows, moreActivities }: WorkerLoad = {}): Promise<number> {
  const settings = readSettings();
  armFailpoints(settings.crashAt);
  const logger = createLogger('worker', settings.logLevel);
  installRuntime(logger, settings.metricsAddress);

  const [{ connection, address, namespace }, bundle] = await Promise.all([
    connectWorker(),
    workflowBundle(sdkLogger(logger.child({}, { level: 'warn' })), workflows),
  ]);
  await checkRetention(connection, namespace, settings.lateWatchMs);
  const searchAttributes = await mayUseSearchAttributes(settings.searchAttributes, connection, namespace, logger);
  const worker = await createWorker({
    connection,
    namespace,
    workflowBundle: bundle,
    settings: { ...settings, searchAttributes },
    ...(moreActivities === undefined ? {} : { moreActivities }),
  });

  const running = worker.run();
  const stop = () => {
    if (worker.getState() === 'RUNNING') worker.shutdown();
    return running;
  };
  onStopSignals(
    (signal) => {
      logger.info({ signal }, 'worker drains: creates that have begun are finished');
      void stop();
    },
    () => process.exit(1),
  );
  leaveWithParent(stop);
  logger.info(
    { temporal: address, namespace, taskQueue: settings.taskQueue, ticketSystem: settings.ticketSystemUrl },
    `worker is ready, process ${process.pid}`,
  );

  await running;
  await connection.close();
  logger.info('worker has stopped');
  return 0;
}

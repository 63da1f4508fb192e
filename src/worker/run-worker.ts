import { readSettings } from '../platform/config/settings.ts';
import { armFailpoints } from '../platform/failpoints/failpoint.ts';
import { createLogger } from '../platform/logging/logger.ts';
import { exitWithParent } from '../platform/processes/exit-with-parent.ts';
import { onStopSignals } from '../platform/processes/on-stop-signals.ts';
import { PROJECT_FOLDER } from '../platform/processes/project-folder.ts';
import { metricsPort, refuseTakenPorts } from '../platform/processes/taken-ports.ts';
import { connectWorker } from '../platform/temporal/connect-worker.ts';
import { createWorker, type WorkerExtensions } from './create-worker.ts';
import { FAILPOINT_INTERCEPTOR, failpointExtensions } from './failpoints.ts';
import { reportMissingServices } from './missing-services.ts';
import { checkRetention } from './retention.ts';
import { recordWorker } from './running-workers.ts';
import { installRuntime } from './runtime.ts';
import { sdkLogger } from './sdk-log.ts';
import { mayUseSearchAttributes } from './search-attributes.ts';
import { workflowBundle } from './workflow-bundle.ts';

/** What a worker may run besides the application's activities, or instead of its workflows. */
interface WorkerProgram extends Pick<WorkerExtensions, 'moreActivities'> {
  /** The folder whose `index.ts` exports the workflows; default the application's. */
  readonly workflows?: string;
}

/**
 * Runs a worker until a stop signal, or until its parent process is gone. It then finishes the creates it has begun.
 * @returns the exit code
 */
export async function runWorker({ workflows, ...extensions }: WorkerProgram = {}): Promise<number> {
  const startedAtMs = Date.now() - process.uptime() * 1_000;
  const settings = readSettings();
  const isArmed = settings.crashAt.length > 0;
  await refuseTakenPorts([metricsPort(settings.metricsAddress)]);
  const logger = createLogger('worker', settings.logLevel);
  installRuntime(logger, settings.metricsAddress);
  void reportMissingServices(settings, logger);

  const [{ connection, address, namespace }, bundle] = await Promise.all([
    connectWorker({ warn: (warning) => logger.warn(warning) }),
    workflowBundle({
      logger: sdkLogger(logger.child({}, { level: 'warn' })),
      interceptors: isArmed ? [FAILPOINT_INTERCEPTOR] : [],
      ...(workflows === undefined ? {} : { workflows }),
    }),
  ]);
  await checkRetention(connection, namespace, settings.lateWatchMs);
  const searchAttributes = await mayUseSearchAttributes(settings.searchAttributes, connection, namespace, logger);
  const worker = await createWorker({
    connection,
    namespace,
    workflowBundle: bundle,
    settings: { ...settings, searchAttributes },
    extensions: { ...extensions, ...(isArmed ? failpointExtensions(armFailpoints(settings.crashAt)) : {}) },
  });

  const removeRecord = await recordWorker(settings.databaseDir, {
    ...{ temporal: address, namespace, taskQueue: settings.taskQueue, source: PROJECT_FOLDER, startedAtMs },
  }).catch((error: unknown) => {
    // A worker needs no database folder, and works without a record.
    logger.debug({ err: error }, 'this worker is not recorded, so npm run worker:kill does not find it');
    return async () => undefined;
  });

  const running = worker.run();
  const stop = () => {
    if (worker.getState() === 'RUNNING') worker.shutdown();
    return running;
  };
  onStopSignals(
    (signal) => {
      logger.info({ signal }, 'worker is stopping: it first finishes its creates');
      void stop();
    },
    () => process.exit(1),
  );
  exitWithParent(stop);
  // The program that started this worker waits for this line, so no LOG_LEVEL hides it.
  logger
    .child({}, { level: 'info' })
    .info(
      { temporal: address, namespace, taskQueue: settings.taskQueue, ticketSystem: settings.ticketSystemUrl },
      `worker is ready, process ${process.pid}`,
    );

  await running;
  await connection.close();
  await removeRecord();
  logger.info('worker has stopped');
  return 0;
}

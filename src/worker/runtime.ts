import {
  DefaultLogger,
  type LogEntry,
  type LogLevel,
  makeTelemetryFilterString,
  Runtime,
  type Logger as SdkLogger,
} from '@temporalio/worker';
import type { Logger } from '../platform/logging/logger.ts';

/**
 * Installs the SDK's runtime, once per process: its logs go to pino, its metrics to a Prometheus endpoint.
 * @param metricsAddress host:port
 * @throws when the address is taken
 */
export function installRuntime(logger: Logger, metricsAddress: string): void {
  Runtime.install({
    logger: sdkLogger(logger),
    // The worker drains by its own signal handler, which also ends its connections.
    shutdownSignals: [],
    telemetryOptions: {
      logging: { forward: {}, filter: makeTelemetryFilterString({ core: 'WARN', other: 'ERROR' }) },
      metrics: { prometheus: { bindAddress: metricsAddress } },
    },
  });
}

/** What the SDK tells with every line and nobody reads in a log: the ids are in Temporal's UI, the token is the server's. */
const UNTOLD: readonly string[] = [
  'taskToken',
  'isLocal',
  'namespace',
  'taskQueue',
  'activityId',
  'workflowRunId',
  'workflowType',
  'sdkComponent',
];

/** The SDK's log entries as pino's lines. */
export function sdkLogger(logger: Logger): SdkLogger {
  return new DefaultLogger('TRACE', ({ level, message, meta = {} }: LogEntry) => {
    const told = Object.fromEntries(Object.entries(meta).filter(([name]) => !UNTOLD.includes(name)));
    logger[methodOf(level, meta.sdkComponent)](told, message);
  });
}

/** The worker's own comings and goings are said by the program; the SDK's words on them are for debugging. */
function methodOf(level: LogLevel, component: unknown) {
  const method = level.toLowerCase() as Lowercase<LogLevel>;
  return method === 'info' && component === 'worker' ? 'debug' : method;
}

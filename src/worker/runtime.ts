import { isNativeError } from 'node:util/types';
import {
  DefaultLogger,
  type LogEntry,
  type LogLevel,
  makeTelemetryFilterString,
  Runtime,
  type Logger as SdkLogger,
} from '@temporalio/worker';
import { errorMessages, fieldOf } from '../contracts/errors.ts';
import type { Logger } from '../platform/logging/logger.ts';

/**
 * Installs the SDK's runtime, once per process: logs go to pino, metrics to a Prometheus endpoint.
 * @param metricsAddress host:port
 * @throws if the address is in use
 */
export function installRuntime(logger: Logger, metricsAddress: string): void {
  Runtime.install({
    logger: sdkLogger(logger),
    // The worker has signal handlers of its own, which also close its connections.
    shutdownSignals: [],
    telemetryOptions: {
      logging: { forward: {}, filter: makeTelemetryFilterString({ core: 'WARN', other: 'ERROR' }) },
      metrics: { prometheus: { bindAddress: metricsAddress } },
    },
  });
}

/**
 * Fields of the SDK's log entries that are left out: the ids are in Temporal's UI, and the token is only for the
 * server.
 */
const OMITTED: readonly string[] = [
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
    const fields = Object.fromEntries(
      Object.entries(meta)
        .filter(([name]) => !OMITTED.includes(name))
        .map(([name, value]) => [name, isNativeError(value) ? withMessage(value) : value]),
    );
    logger[methodOf(level, meta.sdkComponent)](fields, message);
  });
}

/** An error's message is not enumerable, so JSON would leave it out. The stack is in Temporal's UI. */
function withMessage(error: Error): object {
  const fields = Object.keys(error).map((name) => [name, fieldOf(error, name)]);
  return { ...Object.fromEntries(fields), message: errorMessages(error) };
}

/** The program logs the start and stop of the worker itself; the SDK's lines about it are for debugging. */
function methodOf(level: LogLevel, component: unknown) {
  const method = level.toLowerCase() as Lowercase<LogLevel>;
  return method === 'info' && component === 'worker' ? 'debug' : method;
}

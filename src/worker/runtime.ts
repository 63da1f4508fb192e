import {
  DefaultLogger,
  type LogEntry,
  makeTelemetryFilterString,
  Runtime,
  type Logger as SdkLogger,
} from '@temporalio/worker';
import type { Logger } from '../logging/logger.ts';

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

/** The SDK's log entries as pino's lines. */
export function sdkLogger(logger: Logger): SdkLogger {
  return new DefaultLogger('TRACE', ({ level, message, meta }: LogEntry) => {
    const method = level.toLowerCase() as Lowercase<typeof level>;
    logger[method](meta ?? {}, message);
  });
}

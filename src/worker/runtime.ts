import { makeTelemetryFilterString, Runtime } from '@temporalio/worker';
import type { Logger } from '../platform/logging/logger.ts';
import { sdkLogger } from './sdk-log.ts';

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

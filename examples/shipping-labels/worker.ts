import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger, type NativeConnection, Worker } from '@temporalio/worker';
import { createLimits, type Timings } from 'exactly-one';
import { sendHeartbeats } from '../../src/worker/heartbeats.ts';
import { createActivities } from './activities.ts';
import type { Carrier } from './carrier.ts';

const DATA_CONVERTER = fileURLToPath(
  new URL('../../packages/exactly-one/src/contract/data-converter.ts', import.meta.url),
);

/** Bundles the workflow code, once for all workers of a process. */
export function bundleWorkflows() {
  return bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL('./workflow.ts', import.meta.url)),
    // Otherwise a payload that cannot be decoded would fail a workflow task again and again, for ever.
    payloadConverterPath: DATA_CONVERTER,
    failureConverterPath: DATA_CONVERTER,
    logger: new DefaultLogger('WARN'),
    // This repository bundles the library from its source. An installed library does not need this hook.
    webpackConfigHook: (config) => ({
      ...config,
      resolve: { ...config.resolve, conditionNames: ['@exactly-one/source', '...'] },
    }),
  });
}

export function createWorker(options: {
  readonly connection: NativeConnection;
  readonly workflowBundle: { readonly code: string };
  readonly taskQueue: string;
  readonly carrier: Carrier;
  readonly timings: Timings;
}): Promise<Worker> {
  const { carrier, timings, ...rest } = options;
  return Worker.create({
    ...rest,
    activities: createActivities(carrier),
    // Otherwise Temporal would notice a killed worker only when the time of its activities is up.
    interceptors: { activity: [sendHeartbeats] },
    maxHeartbeatThrottleInterval: '500ms',
    // A worker that stops first finishes its creates: an aborted create would have an unknown outcome.
    shutdownGraceTime: createLimits(timings.createDeadlineMs, timings.clockSkewMs).startToCloseMs,
  });
}

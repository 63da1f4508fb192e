import { fileURLToPath } from 'node:url';
import {
  bundleWorkflowCode,
  DefaultLogger,
  type NativeConnection,
  Worker,
  type WorkflowBundleOption,
} from '@temporalio/worker';
import { dataConverter, workerOptions } from 'exactly-one/activities';
import { createActivities } from './activities.ts';
import type { Carrier } from './carrier.ts';
import { TIMINGS } from './timings.ts';

/** Bundles the workflow code, once for all workers of a process. */
export function bundleWorkflows(workflows = './workflow.ts') {
  return bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL(workflows, import.meta.url)),
    // Otherwise a payload that cannot be decoded would fail a workflow task again and again, for ever.
    ...dataConverter,
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
  readonly workflowBundle: WorkflowBundleOption;
  readonly taskQueue: string;
  readonly carrier: Carrier;
}): Promise<Worker> {
  const { carrier, ...rest } = options;
  return Worker.create({
    ...rest,
    ...workerOptions(TIMINGS),
    activities: createActivities(carrier),
  });
}

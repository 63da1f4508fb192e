import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import { createCarrier } from './carrier.ts';
import { bundleWorkflows, createWorker } from './worker.ts';

// The worker as a program. Activities that fail are nothing unusual here, so it logs only what is worse.
Runtime.install({ logger: new DefaultLogger('ERROR') });
const { TEMPORAL_ADDRESS = '127.0.0.1:7233', TASK_QUEUE = 'labels', SERVICE_URL = '', WORKFLOW_BUNDLE } = process.env;
const worker = await createWorker({
  connection: await NativeConnection.connect({ address: TEMPORAL_ADDRESS }),
  // Bundling takes seconds. In production, and in tests that start workers again and again, do it once, beforehand.
  workflowBundle: WORKFLOW_BUNDLE === undefined ? await bundleWorkflows() : { codePath: WORKFLOW_BUNDLE },
  taskQueue: TASK_QUEUE,
  carrier: createCarrier(SERVICE_URL),
});
await worker.run();

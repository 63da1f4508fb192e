import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { exactlyOneActivities, workerOptions } from '../activities/index.ts';
import { createCourier } from './courier.fixture.ts';

// A worker as a program of its own, so that it can be killed. It finds its settings in its environment.
Runtime.install({ logger: new DefaultLogger('ERROR') });
const { TEMPORAL_ADDRESS: address = '', TASK_QUEUE: taskQueue = '', SERVICE_URL = '', CODE_PATH = '' } = process.env;
const worker = await Worker.create({
  connection: await NativeConnection.connect({ address }),
  taskQueue,
  workflowBundle: { codePath: CODE_PATH },
  activities: exactlyOneActivities(createCourier(SERVICE_URL)),
  ...workerOptions({ createDeadlineMs: 1_500, clockSkewMs: 100 }),
});
await worker.run();

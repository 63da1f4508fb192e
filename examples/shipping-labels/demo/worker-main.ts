import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import { createCarrier } from '../carrier.ts';
import { createWorker } from '../worker.ts';
import { TIMINGS } from './timings.ts';

// The worker as a program of its own, so that a test can kill it.
Runtime.install({ logger: new DefaultLogger('ERROR') });
const [address = '', taskQueue = '', carrierUrl = '', codePath = ''] = process.argv.slice(2);
const worker = await createWorker({
  connection: await NativeConnection.connect({ address }),
  workflowBundle: { codePath },
  taskQueue,
  carrier: createCarrier(carrierUrl),
  timings: TIMINGS,
});
await worker.run();

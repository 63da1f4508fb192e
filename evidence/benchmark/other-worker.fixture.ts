import { fileURLToPath } from 'node:url';
import { NativeConnection, Worker } from '@temporalio/worker';

/** A worker that has nothing to do with ours: `other-worker.fixture.ts <address> <task queue>`. */
const [address = '', taskQueue = ''] = process.argv.slice(2);

const connection = await NativeConnection.connect({ address });
const workflowsPath = fileURLToPath(new URL('other-workflows.fixture.ts', import.meta.url));
const worker = await Worker.create({ connection, taskQueue, workflowsPath });
await worker.run();

import { DefaultLogger } from '@temporalio/worker';
import type { DevServer } from '../../src/platform/temporal/dev-server.ts';
import { workflowBundle } from '../../src/worker/workflow-bundle.ts';
import { startTemporalServer } from '../processes.ts';

/** Starts the server and passes its address to the test files; bundles the workflows once for all of them. */
export async function startTestServer(): Promise<DevServer> {
  const [server] = await Promise.all([startTemporalServer(), workflowBundle({ logger: new DefaultLogger('WARN') })]);
  process.env.TEST_TEMPORAL_ADDRESS = server.address;
  return server;
}

import { DefaultLogger } from '@temporalio/worker';
import { type DevServer, startDevServer } from '../../src/platform/temporal/dev-server.ts';
import { findTemporalCli } from '../../src/platform/temporal/find-cli.ts';
import { OUR_SEARCH_ATTRIBUTES } from '../../src/platform/temporal/search-attributes.ts';
import { workflowBundle } from '../../src/worker/workflow-bundle.ts';

/** Starts the server and passes its address to the test files; bundles the workflows once for all of them. */
export async function startTestServer(): Promise<DevServer> {
  const cliPath = await findTemporalCli();
  const [server] = await Promise.all([
    startDevServer({ cliPath, uiPort: 'none', searchAttributes: OUR_SEARCH_ATTRIBUTES }),
    workflowBundle({ logger: new DefaultLogger('WARN') }),
  ]);
  process.env.TEST_TEMPORAL_ADDRESS = server.address;
  return server;
}

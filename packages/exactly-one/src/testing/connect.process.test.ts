import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, test } from '@jest/globals';
import { expectExactlyOne } from './index.ts';
import { createNestedCourier, NESTED_COURIER } from './nested-courier.fixture.ts';

const TIMINGS = { createDeadlineMs: 1_000, clockSkewMs: 1_200, settleMs: 500, lateWatchMs: [1_000] };

test('expectExactlyOne says at once where there is no Temporal server and how to start one, before it checks the functions', async () => {
  const address = await closedPort();
  const run = expectExactlyOne({
    address,
    functions: createNestedCourier,
    ...{ service: NESTED_COURIER, guarantee: 'none', timings: TIMINGS, input: () => undefined },
    ...{ workflow: 'bookCourier', startWorker: 'no-worker.mjs' },
  });
  await expect(run).rejects.toThrow(
    `expectExactlyOne: no Temporal server responds at ${address}; start one (temporal server start-dev), or name another as address or TEMPORAL_ADDRESS`,
  );
});

/** The address of a port that was free a moment ago. */
async function closedPort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bound = server.address();
  const port = typeof bound === 'object' ? bound?.port : 0;
  server.close();
  await once(server, 'close');
  return `127.0.0.1:${port}`;
}

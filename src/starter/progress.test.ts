import { afterAll, expect, test } from '@jest/globals';
import { Client, Connection, QueryNotRegisteredError, ServiceError } from '@temporalio/client';
import { orderKind } from './order.ts';
import { askForProgress } from './progress.ts';

/** It never connects, because an interceptor answers the queries. */
const connection = Connection.lazy({ address: '127.0.0.1:9' });
afterAll(() => connection.close());

const DEADLINE_EXCEEDED = new ServiceError('Failed to query Workflow', {
  cause: Object.assign(new Error('4 DEADLINE_EXCEEDED'), { code: 4, details: 'Deadline exceeded', metadata: {} }),
});
const PROGRESS = {
  ...{ orderId: 'order-7', phase: 'preparing', detail: '', createAttempts: 0, outcomes: [] },
  ...{ voidedTicketIds: [], cancelRequested: false },
};

test.each<[string, () => unknown, unknown]>([
  ['its progress', () => PROGRESS, PROGRESS],
  ['no response when no worker responds in time', () => fail(DEADLINE_EXCEEDED), 'no response'],
  ['nothing of a workflow that does not know the query', () => fail(new QueryNotRegisteredError('?', 3)), undefined],
  ['nothing of another program that knows the query', () => 'progress', undefined],
])('asking a workflow for its progress gets %s', async (_, answer, progress) => {
  const client = new Client({ connection, interceptors: { workflow: [{ query: async () => answer() }] } });
  expect(await askForProgress(client, orderKind, 'order-7')).toEqual(progress);
});

function fail(error: Error): never {
  throw error;
}

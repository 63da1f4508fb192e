import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ApplicationFailure, WorkflowFailedError } from '@temporalio/client';
import { createScriptedEnvironment, type ScriptedEnvironment } from './order-environment.ts';

let environment: ScriptedEnvironment;
beforeAll(async () => {
  environment = await createScriptedEnvironment('deadline');
});
afterAll(() => environment.close());

/** Starts an order past the starter. */
async function startedByHand(workflowId: string, orderId: unknown): Promise<unknown> {
  const { client, taskQueue } = environment;
  const options = { workflowId, taskQueue, args: [{ orderId }] };
  const failure = await client.workflow.execute('processOrder', options).catch((error: unknown) => error);
  if (!(failure instanceof WorkflowFailedError)) throw new Error('the order was not refused', { cause: failure });
  return failure.cause;
}

test('an order whose workflow has another id is refused, before anything is asked of the ticket system', async () => {
  const failure = await startedByHand(environment.orderId('one'), environment.orderId('another'));
  expect(failure).toBeInstanceOf(ApplicationFailure);
  expect(failure).toMatchObject({ type: 'OrderInvalid', nonRetryable: true });
  expect(environment.tickets.received).toEqual([]);
});

test.each([
  ['the prefix of transfers', 'transfer-1'],
  ['a path', '../../etc'],
  ['nothing', ''],
  ['a number', 112358],
])('an order id that is %s is refused, before anything is asked of the ticket system', async (_, orderId) => {
  const failure = await startedByHand(environment.orderId(`refused-${String(orderId).length}`), orderId);
  expect(failure).toMatchObject({ type: 'OrderInvalid', message: expect.stringContaining('is not a valid order id') });
  expect(environment.tickets.received).toEqual([]);
});

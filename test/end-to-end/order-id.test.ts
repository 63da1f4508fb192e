import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ApplicationFailure, WorkflowFailedError } from '@temporalio/client';
import { createScriptedEnvironment, type ScriptedEnvironment } from './order-environment.ts';

let environment: ScriptedEnvironment;
beforeAll(async () => {
  environment = await createScriptedEnvironment('deadline');
});
afterAll(() => environment.close());

/** Starts an order without going through the starter, and returns the reason why it failed. */
async function failureOf(workflowId: string, ...input: readonly unknown[]): Promise<unknown> {
  const { client, taskQueue } = environment;
  const options = { workflowId, taskQueue, args: [...input] };
  const failure = await client.workflow.execute('processOrder', options).catch((error: unknown) => error);
  if (!(failure instanceof WorkflowFailedError)) throw new Error('the order was not refused', { cause: failure });
  return failure.cause;
}

test('an order whose workflow has another id is refused before any request to the ticket system', async () => {
  const failure = await failureOf(environment.orderId('one'), { orderId: environment.orderId('another') });
  expect(failure).toBeInstanceOf(ApplicationFailure);
  expect(failure).toMatchObject({ type: 'OrderInvalid', nonRetryable: true });
  expect(environment.tickets.received).toEqual([]);
});

test.each([
  ['the id of a transfer', 'transfer-1'],
  ['a path', '../../etc'],
  ['empty', ''],
  ['a number', 112358],
])('an order id that is %s is refused before any request to the ticket system', async (_, orderId) => {
  const failure = await failureOf(environment.orderId(`refused-${String(orderId).length}`), { orderId });
  expect(failure).toMatchObject({ type: 'OrderInvalid', message: expect.stringContaining('is not a valid order id') });
  expect(environment.tickets.received).toEqual([]);
});

test('an order that is started without input is refused', async () => {
  const failure = await failureOf(environment.orderId('no-input'));
  expect(failure).toMatchObject({ type: 'OrderInvalid', message: expect.stringContaining('is not a valid order id') });
});

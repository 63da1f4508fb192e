import { afterAll, beforeAll, expect } from '@jest/globals';
import { WorkflowNotFoundError } from '@temporalio/client';
import { cancel, giveUp } from 'exactly-one/client';
import { testConcurrently } from '../../testbed/concurrent-tests.ts';
import { holds, neverResponds, refuses } from './behaviours.ts';
import { createScriptedEnvironment, type ScriptedEnvironment } from './order-environment.ts';

let environment: ScriptedEnvironment;
beforeAll(async () => {
  environment = await createScriptedEnvironment('deadline');
});
afterAll(() => environment.close());

const GIVEN_UP = {
  kind: 'failed',
  type: 'GivenUp',
  message: expect.stringContaining('unresolved: gone for good'),
  details: { unresolved: true, reason: 'gone for good' },
};

testConcurrently({
  'an order that is given up': {
    async 'fails as unresolved, with the reason, while its check hangs'() {
      const { tickets, submit, giveUp, quiescence, client } = environment;
      const orderId = environment.orderId('check-hangs');
      tickets.break('list', orderId, neverResponds);
      await submit(orderId);
      await environment.untilOrder(orderId, 'its check', () => tickets.calls('list', orderId).length > 0);
      await giveUp(orderId, 'gone for good');
      expect(await quiescence(orderId)).toEqual(GIVEN_UP);
      const { typedSearchAttributes } = await client.workflow.getHandle(orderId).describe();
      expect(typedSearchAttributes.getAll().map(({ value }) => value)).toContain('given up');
    },

    async 'fails while it has no reservation'() {
      const { tickets, submit, giveUp, quiescence } = environment;
      const orderId = environment.orderId('no-reservation');
      tickets.break('reservation', orderId, refuses(500, 'INTERNAL_ERROR'));
      await submit(orderId);
      await environment.untilOrder(orderId, 'its request', () => tickets.calls('reservation', orderId).length > 0);
      await giveUp(orderId, 'gone for good');
      expect(await quiescence(orderId)).toEqual(GIVEN_UP);
    },

    async 'fails while its create is in flight'() {
      const { tickets, submit, giveUp, quiescence } = environment;
      const orderId = environment.orderId('create-in-flight');
      const held = holds(tickets.respondCorrectly);
      tickets.script('create', orderId, held.behaviour);
      await submit(orderId);
      await held.reached;
      await giveUp(orderId, 'gone for good');
      expect(await quiescence(orderId)).toEqual(GIVEN_UP);
      held.release();
    },
  },

  'the client of the library': {
    async 'says that a closed order is neither cancelled nor given up, and that an unknown one does not exist'() {
      const { client, run } = environment;
      const orderId = environment.orderId('closed');
      expect(await run(orderId)).toMatchObject({ kind: 'completed' });
      expect(await cancel(client, orderId)).toBe(false);
      expect(await giveUp(client, orderId, 'gone for good')).toEqual([]);
      const unknown = environment.orderId('unknown');
      await expect(cancel(client, unknown)).rejects.toThrow(WorkflowNotFoundError);
      await expect(giveUp(client, unknown, 'gone for good')).rejects.toThrow(WorkflowNotFoundError);
    },
  },
});

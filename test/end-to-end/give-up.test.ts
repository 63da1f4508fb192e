import { afterAll, beforeAll, expect } from '@jest/globals';
import { testConcurrently } from '../../testbed/concurrent-tests.ts';
import { holds, refuses, staysSilent } from './misbehaviour.ts';
import { createScriptedWorld, type ScriptedWorld } from './order-world.ts';

let world: ScriptedWorld;
beforeAll(async () => {
  world = await createScriptedWorld('deadline');
});
afterAll(() => world.close());

const GIVEN_UP = {
  kind: 'failed',
  type: 'GivenUp',
  message: expect.stringContaining('unresolved: gone for good'),
  details: { unresolved: true, reason: 'gone for good' },
};

testConcurrently({
  'an order that is given up': {
    async 'fails as unresolved, with the reason, while its look hangs'() {
      const { tickets, submit, giveUp, quiescence, client } = world;
      const orderId = world.orderId('look-hangs');
      tickets.break('list', orderId, staysSilent);
      await submit(orderId);
      await world.untilOrder(orderId, 'its look', () => tickets.calls('list', orderId).length > 0);
      await giveUp(orderId, 'gone for good');
      expect(await quiescence(orderId)).toEqual(GIVEN_UP);
      const { typedSearchAttributes } = await client.workflow.getHandle(orderId).describe();
      expect(typedSearchAttributes.getAll().map(({ value }) => value)).toContain('given up');
    },

    async 'fails while it cannot even get its reservation'() {
      const { tickets, submit, giveUp, quiescence } = world;
      const orderId = world.orderId('no-reservation');
      tickets.break('reservation', orderId, refuses(500, 'INTERNAL_ERROR'));
      await submit(orderId);
      await world.untilOrder(orderId, 'its request', () => tickets.calls('reservation', orderId).length > 0);
      await giveUp(orderId, 'gone for good');
      expect(await quiescence(orderId)).toEqual(GIVEN_UP);
    },

    async 'fails while its create is in flight'() {
      const { tickets, submit, giveUp, quiescence } = world;
      const orderId = world.orderId('create-in-flight');
      const held = holds(tickets.behave);
      tickets.script('create', orderId, held.behaviour);
      await submit(orderId);
      await held.reached;
      await giveUp(orderId, 'gone for good');
      expect(await quiescence(orderId)).toEqual(GIVEN_UP);
      held.release();
    },
  },
});

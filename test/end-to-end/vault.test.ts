import { afterAll, beforeAll, expect } from '@jest/globals';
import { testConcurrently } from '../../testbed/concurrent-tests.ts';
import { resultOf } from './endings.ts';
import { expectExactlyOne } from './expectations.ts';
import { answers, refuses, resets } from './misbehaviour.ts';
import { createScriptedWorld, type ScriptedWorld } from './order-world.ts';
import { CARD_NUMBER } from './ticket-book.ts';

let world: ScriptedWorld;
beforeAll(async () => {
  world = await createScriptedWorld('deadline');
});
afterAll(() => world.close());

const sources = (orderId: string) => world.tickets.calls('vault', orderId).map(({ path }) => path.split('source=')[1]);

testConcurrently({
  'the vault': {
    async 'is read three times from its primary source, then from the backup, within one create'() {
      const { tickets, run } = world;
      const orderId = world.orderId('backup');
      tickets.script('vault', orderId, refuses(500, 'INTERNAL_ERROR'), resets, answers(200, { paymentInfo: 'none' }));
      const ending = await run(orderId);
      expectExactlyOne(tickets, orderId, ending);
      expect(sources(orderId)).toEqual(['primary', 'primary', 'primary', 'backup']);
      expect(resultOf(ending).createAttempts).toBe(1);
    },

    async 'may answer malformed JSON, which is repaired'() {
      const { tickets, run } = world;
      const orderId = world.orderId('repaired');
      tickets.script('vault', orderId, answers(200, `{paymentInfo: '${CARD_NUMBER}',`));
      const ending = await run(orderId);
      expectExactlyOne(tickets, orderId, ending);
      expect(sources(orderId)).toEqual(['primary']);
      expect(tickets.calls('create', orderId).map(({ body }) => JSON.parse(body).paymentInfo)).toEqual([CARD_NUMBER]);
    },

    async 'that cannot be read holds back the create, which is sent without settling once it can'() {
      const { tickets, submit, quiescence, progress } = world;
      const orderId = world.orderId('unreadable');
      tickets.break('vault', orderId, answers(200, `{"paymentInfo": "VISA-4929-1118-77`));
      await submit(orderId);
      await world.untilOrder(orderId, 'its second attempt', () => sources(orderId).length >= 8);
      expect(tickets.calls('create', orderId)).toEqual([]);
      tickets.mend('vault', orderId);
      const ending = await quiescence(orderId);
      expectExactlyOne(tickets, orderId, ending);
      expect(tickets.calls('create', orderId)).toHaveLength(1);
      const { outcomes } = await progress(orderId);
      for (const outcome of outcomes.slice(0, -1)) {
        expect(outcome).toMatch(/^not sent: the payment vault could not be read: primary .*, then backup /);
        expect(outcome).not.toContain('4929');
      }
      // No outcome was unknown, so that the guarantee was not read again.
      expect(tickets.calls('reservation', orderId)).toHaveLength(1);
    },
  },
});

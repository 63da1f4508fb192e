import { afterAll, beforeAll, expect } from '@jest/globals';
import { testConcurrently } from '../../testbed/concurrent-tests.ts';
import { refuses, resetsConnection, respondsWith } from './behaviours.ts';
import { CARD_NUMBER } from './in-memory-ticket-system.ts';
import { expectExactlyOne } from './order-assertions.ts';
import { createScriptedEnvironment, type ScriptedEnvironment } from './order-environment.ts';
import { resultOf } from './workflow-endings.ts';

let environment: ScriptedEnvironment;
beforeAll(async () => {
  environment = await createScriptedEnvironment('deadline');
});
afterAll(() => environment.close());

const sources = (orderId: string) =>
  environment.tickets.calls('vault', orderId).map(({ path }) => path.split('source=')[1]);

testConcurrently({
  'the vault': {
    async 'is read three times from its primary source, then from the backup, within one create'() {
      const { tickets, run } = environment;
      const orderId = environment.orderId('backup');
      tickets.script(
        'vault',
        orderId,
        refuses(500, 'INTERNAL_ERROR'),
        resetsConnection,
        respondsWith(200, { paymentInfo: 'none' }),
      );
      const ending = await run(orderId);
      expectExactlyOne(tickets, orderId, ending);
      expect(sources(orderId)).toEqual(['primary', 'primary', 'primary', 'backup']);
      expect(resultOf(ending).createAttempts).toBe(1);
    },

    async 'may respond with malformed JSON, which is repaired'() {
      const { tickets, run } = environment;
      const orderId = environment.orderId('repaired');
      tickets.script('vault', orderId, respondsWith(200, `{paymentInfo: '${CARD_NUMBER}',`));
      const ending = await run(orderId);
      expectExactlyOne(tickets, orderId, ending);
      expect(sources(orderId)).toEqual(['primary']);
      expect(tickets.calls('create', orderId).map(({ body }) => JSON.parse(body).paymentInfo)).toEqual([CARD_NUMBER]);
    },

    async 'delays the create while it cannot be read; the create is then sent without settling'() {
      const { tickets, submit, quiescence, progress } = environment;
      const orderId = environment.orderId('unreadable');
      tickets.break('vault', orderId, respondsWith(200, `{"paymentInfo": "VISA-4929-1118-77`));
      await submit(orderId);
      await environment.untilOrder(orderId, 'its second attempt', () => sources(orderId).length >= 8);
      expect(tickets.calls('create', orderId)).toEqual([]);
      tickets.restore('vault', orderId);
      const ending = await quiescence(orderId);
      expectExactlyOne(tickets, orderId, ending);
      expect(tickets.calls('create', orderId)).toHaveLength(1);
      const { outcomes } = await progress(orderId);
      for (const outcome of outcomes.slice(0, -1)) {
        expect(outcome).toMatch(/^not sent: the payment vault could not be read: primary .*, then backup /);
        expect(outcome).not.toContain('4929');
      }
      // No outcome was unknown, so the guarantee was not read again.
      expect(tickets.calls('reservation', orderId)).toHaveLength(1);
    },
  },
});

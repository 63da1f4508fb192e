import { afterAll, beforeAll, expect } from '@jest/globals';
import { testConcurrently } from '../../testbed/concurrent-tests.ts';
import { expectExactlyOne, expectFenceKept } from './expectations.ts';
import { answersWith, refuses, resets } from './misbehaviour.ts';
import { createScriptedWorld, type ScriptedWorld, TIMINGS } from './order-world.ts';

let world: ScriptedWorld;
beforeAll(async () => {
  world = await createScriptedWorld('idempotency-key');
});
afterAll(() => world.close());

testConcurrently({
  'the guarantee': {
    async 'that turns out weaker after an unknown outcome rules the order from then on'() {
      const { tickets, run, progress, watchEnding } = world;
      const orderId = world.orderId('weakened');
      tickets.script('create', orderId, (call) => {
        tickets.promise(orderId, 'none');
        return resets(call);
      });
      const ending = await run(orderId);
      expectExactlyOne(tickets, orderId, ending);
      expectFenceKept(tickets, orderId, TIMINGS.settleMs);
      expect((await progress(orderId)).guarantee).toBe('none');
      const [first, second] = tickets.calls('create', orderId);
      expect([first?.headers['idempotency-key'], second?.headers['idempotency-key']]).toEqual([
        `${orderId}/0`,
        undefined,
      ]);
      expect(await watchEnding(orderId)).toMatchObject({ kind: 'completed', result: { voidedTicketIds: [] } });
    },

    async 'that turns out stronger later does not help: the weakest seen rules'() {
      const { tickets, run, progress } = world;
      const orderId = world.orderId('strengthened');
      tickets.promise(orderId, 'deadline');
      tickets.script('create', orderId, (call) => {
        tickets.promise(orderId, 'idempotency-key');
        return resets(call);
      });
      // With keys in force the create would need one; this one is told by the weaker promise that it has none.
      tickets.script('create', orderId, (call) => {
        tickets.promise(orderId, 'deadline');
        return tickets.behave(call);
      });
      const ending = await run(orderId);
      expectExactlyOne(tickets, orderId, ending);
      expectFenceKept(tickets, orderId, 0);
      expect((await progress(orderId)).guarantee).toBe('deadline');
    },

    async 'is not believed when it comes with another reservation, or none that is known'() {
      const { tickets, run } = world;
      const orderId = world.orderId('mismatched');
      tickets.promise(orderId, 'deadline');
      tickets.script('create', orderId, refuses(500, 'INTERNAL_ERROR'));
      tickets.script(
        'reservation',
        orderId,
        answersWith((reservation) => ({ ...reservation, orderId: 'another' })),
        answersWith((reservation) => ({ ...reservation, guarantee: 'always' })),
        tickets.behave,
        answersWith((reservation) => ({ ...reservation, reservationId: 'R-another', guarantee: 'none' })),
      );
      const ending = await run(orderId);
      expectExactlyOne(tickets, orderId, ending);
      expect(ending).toMatchObject({ result: { reservationId: `R-${orderId}` } });
      expect(tickets.calls('reservation', orderId)).toHaveLength(5);
    },
  },
});

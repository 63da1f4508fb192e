import { afterAll, beforeAll, expect } from '@jest/globals';
import { testConcurrently } from '../../testbed/concurrent-tests.ts';
import { changesBody, refuses, resetsConnection } from './behaviours.ts';
import { expectExactlyOne, expectFenceKept } from './order-assertions.ts';
import { createScriptedEnvironment, type ScriptedEnvironment, TIMINGS } from './order-environment.ts';

let environment: ScriptedEnvironment;
beforeAll(async () => {
  environment = await createScriptedEnvironment('idempotency-key');
});
afterAll(() => environment.close());

testConcurrently({
  'the guarantee': {
    async 'that is weaker when it is read again rules the order from then on'() {
      const { tickets, run, progress, watchEnding } = environment;
      const orderId = environment.orderId('weakened');
      tickets.script('create', orderId, (call) => {
        tickets.setGuarantee(orderId, 'none');
        return resetsConnection(call);
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

    async 'that is stronger when it is read again changes nothing: the weakest one seen rules'() {
      const { tickets, run, progress } = environment;
      const orderId = environment.orderId('strengthened');
      tickets.setGuarantee(orderId, 'deadline');
      tickets.script('create', orderId, (call) => {
        tickets.setGuarantee(orderId, 'idempotency-key');
        return resetsConnection(call);
      });
      // The order sends no key under the weaker guarantee; under the stronger one the ticket system would refuse that.
      tickets.script('create', orderId, (call) => {
        tickets.setGuarantee(orderId, 'deadline');
        return tickets.respondCorrectly(call);
      });
      const ending = await run(orderId);
      expectExactlyOne(tickets, orderId, ending);
      expectFenceKept(tickets, orderId, 0);
      expect((await progress(orderId)).guarantee).toBe('deadline');
    },

    async 'is ignored in a response with another order, another reservation or an unknown guarantee'() {
      const { tickets, run } = environment;
      const orderId = environment.orderId('mismatched');
      tickets.setGuarantee(orderId, 'deadline');
      tickets.script('create', orderId, refuses(500, 'INTERNAL_ERROR'));
      tickets.script(
        'reservation',
        orderId,
        changesBody((reservation) => ({ ...reservation, orderId: 'another' })),
        changesBody((reservation) => ({ ...reservation, guarantee: 'always' })),
        tickets.respondCorrectly,
        changesBody((reservation) => ({ ...reservation, reservationId: 'R-another', guarantee: 'none' })),
      );
      const ending = await run(orderId);
      expectExactlyOne(tickets, orderId, ending);
      expect(ending).toMatchObject({ result: { reservationId: `R-${orderId}` } });
      expect(tickets.calls('reservation', orderId)).toHaveLength(5);
    },
  },
});

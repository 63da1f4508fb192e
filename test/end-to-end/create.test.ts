import { afterAll, beforeAll, expect } from '@jest/globals';
import { eachOf, testConcurrently } from '../../testbed/concurrent-tests.ts';
import { afterDelay, refuses, respondsWith } from './behaviours.ts';
import { deadlineOf } from './in-memory-ticket-system.ts';
import { expectExactlyOne } from './order-assertions.ts';
import { createScriptedEnvironment, type ScriptedEnvironment, TIMINGS } from './order-environment.ts';

let environment: ScriptedEnvironment;
/** Its creates may take long: here it is seen what happens before their fence. */
let remote: ScriptedEnvironment;
beforeAll(async () => {
  environment = await createScriptedEnvironment('deadline');
  remote = await createScriptedEnvironment('deadline', { createDeadlineMs: 6_000 });
});
afterAll(async () => {
  await remote.close();
  await environment.close();
});

testConcurrently({
  'a create': {
    async 'is not followed to where a redirect points'() {
      const { tickets, orderId: idOf, run } = environment;
      const [orderId, elsewhere] = [idOf('redirected'), idOf('elsewhere')];
      tickets.script('create', orderId, respondsWith(307, '', { location: `/orders/${elsewhere}/tickets` }));
      const ending = await run(orderId);
      expectExactlyOne(tickets, orderId, ending);
      expect(tickets.calls('create', elsewhere)).toEqual([]);
    },

    async 'is repeated only after the time that Retry-After asks for'() {
      const { tickets, orderId: idOf, run } = environment;
      const orderId = idOf('slow-down');
      tickets.script('create', orderId, refuses(429, 'TOO_MANY_REQUESTS', { 'retry-after': '3' }));
      const ending = await run(orderId);
      expectExactlyOne(tickets, orderId, ending);
      const [first, second] = tickets.calls('create', orderId);
      expect((second?.atMs ?? 0) - (first?.atMs ?? 0)).toBeGreaterThanOrEqual(3_000);
    },

    async 'carries its deadline, which the workflow has fixed'() {
      const { tickets, orderId: idOf, run, history } = environment;
      const orderId = idOf('deadline');
      await run(orderId);
      const create = tickets.calls('create', orderId).at(-1);
      const scheduled = (await history(orderId)).flatMap(
        ({ eventTime, activityTaskScheduledEventAttributes: activity }) =>
          activity?.activityType?.name === 'createTicket' && eventTime
            ? [Number(eventTime.seconds) * 1_000 + Number(eventTime.nanos) / 1_000_000]
            : [],
      );
      const scheduledAtMs = scheduled.at(-1) ?? Number.NaN;
      // The workflow's clock is that of its task, which began a moment before the activity was scheduled.
      expect(deadlineOf(create)).toBeLessThanOrEqual(scheduledAtMs + TIMINGS.createDeadlineMs);
      expect(deadlineOf(create)).toBeGreaterThan(scheduledAtMs);
    },

    async 'that names a ticket which is not listed counts as unknown, although another ticket is there'() {
      const { tickets, orderId: idOf, run } = environment;
      const orderId = idOf('claimed');
      tickets.script('create', orderId, (call) => {
        const other = tickets.addTicket(orderId);
        call.send({ status: 201, body: { ...other, ticketId: 'TICKET-nowhere' } });
      });
      const ending = await run(orderId);
      expectExactlyOne(tickets, orderId, ending);
      const fenceMs = deadlineOf(tickets.calls('create', orderId)[0]);
      expect(tickets.listed(orderId).at(-1)?.asOfMs).toBeGreaterThan(fenceMs + TIMINGS.clockSkewMs);
      expect(tickets.calls('create', orderId)).toHaveLength(1);
    },

    async 'that names a ticket which was there before counts as unknown'() {
      const { tickets, orderId: idOf, run } = remote;
      const orderId = idOf('older');
      const older = tickets.addTicket(orderId, { voided: true });
      tickets.script('create', orderId, async (call) => {
        call.send({ status: 201, body: older });
        await afterDelay(1_500, (late) => void late.act())(call);
      });
      const ending = await run(orderId);
      expectExactlyOne(tickets, orderId, ending);
      expect(tickets.calls('create', orderId)).toHaveLength(1);
    },

    async 'that never left the worker is repeated without waiting for a fence'() {
      const { tickets, orderId: idOf, run, progress } = remote;
      const orderId = idOf('refused-connection');
      tickets.script('vault', orderId, async (call) => {
        await tickets.stopListening();
        tickets.respondCorrectly(call);
        await afterDelay(300, () => tickets.listen())(call);
      });
      const ending = await run(orderId);
      expectExactlyOne(tickets, orderId, ending);
      expect(tickets.calls('create', orderId)).toHaveLength(1);
      expect(tickets.calls('reservation', orderId)).toHaveLength(1);
      expect((await progress(orderId)).outcomes).toEqual([
        'not sent: never connected (ECONNREFUSED)',
        expect.stringMatching(/^committed: /),
      ]);
    },
  },
  'a create that is rejected settles, and then fails the order without a ticket:': eachOf(
    {
      'status 400 INVALID_REQUEST': refuses(400, 'INVALID_REQUEST'),
      'status 403 FORBIDDEN': refuses(403, 'FORBIDDEN'),
      'status 404 RESERVATION_UNKNOWN': refuses(404, 'RESERVATION_UNKNOWN'),
      'status 422 PAYMENT_DECLINED': refuses(422, 'PAYMENT_DECLINED'),
    },
    async (create, row) => {
      const { tickets, orderId: idOf, run } = environment;
      const orderId = idOf(`rejected-${row}`);
      tickets.script('create', orderId, create);
      const ending = await run(orderId);
      expectExactlyOne(tickets, orderId, ending);
      expect(ending).toMatchObject({ kind: 'failed', type: 'OrderRejected', details: { code: expect.any(String) } });
      expect(tickets.calls('create', orderId)).toHaveLength(1);
      const fenceMs = deadlineOf(tickets.calls('create', orderId)[0]);
      expect(tickets.listed(orderId).at(-1)?.asOfMs).toBeGreaterThan(fenceMs + TIMINGS.clockSkewMs);
    },
  ),
});

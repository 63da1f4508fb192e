import { afterAll, beforeAll, expect } from '@jest/globals';
import { eachOf, testConcurrently } from '../../testbed/concurrent-tests.ts';
import { afterDelay, refuses, respondsWith } from './behaviours.ts';
import { deadlineOf } from './in-memory-ticket-system.ts';
import { expectExactlyOne, outcomesOfRequests } from './order-assertions.ts';
import { createScriptedEnvironment, type ScriptedEnvironment, TIMINGS } from './order-environment.ts';

let environment: ScriptedEnvironment;
/** Its deadlines are far away, for tests of what happens before the fence. */
let longDeadline: ScriptedEnvironment;
/** Its ticket system refuses connections for a while. */
let refusing: ScriptedEnvironment;
beforeAll(async () => {
  environment = await createScriptedEnvironment('deadline');
  longDeadline = await createScriptedEnvironment('deadline', { createDeadlineMs: 6_000 });
  refusing = await createScriptedEnvironment('deadline', { createDeadlineMs: 6_000 });
});
afterAll(async () => {
  await refusing.close();
  await longDeadline.close();
  await environment.close();
});

testConcurrently({
  'a create': {
    async 'does not follow a redirect'() {
      const { tickets, orderId: idOf, run } = environment;
      const [orderId, elsewhere] = [idOf('redirected'), idOf('elsewhere')];
      tickets.script('create', orderId, respondsWith(307, '', { location: `/orders/${elsewhere}/tickets` }));
      const ending = await run(orderId);
      expectExactlyOne(tickets, orderId, ending);
      expect(tickets.calls('create', elsewhere)).toEqual([]);
    },

    async 'is repeated only after the time in Retry-After'() {
      const { tickets, orderId: idOf, run } = environment;
      const orderId = idOf('slow-down');
      tickets.script('create', orderId, refuses(429, 'TOO_MANY_REQUESTS', { 'retry-after': '3' }));
      const ending = await run(orderId);
      expectExactlyOne(tickets, orderId, ending);
      const [first, second] = tickets.calls('create', orderId);
      expect((second?.atMs ?? 0) - (first?.atMs ?? 0)).toBeGreaterThanOrEqual(3_000);
    },

    async 'carries the deadline that the workflow has set'() {
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
      // The workflow's clock shows when its task began, a moment before the activity was scheduled.
      expect(deadlineOf(create)).toBeLessThanOrEqual(scheduledAtMs + TIMINGS.createDeadlineMs);
      expect(deadlineOf(create)).toBeGreaterThan(scheduledAtMs);
    },

    async 'whose ticket is not listed counts as unknown, even if another ticket is'() {
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

    async 'whose ticket existed before it was sent counts as unknown'() {
      const { tickets, orderId: idOf, run } = longDeadline;
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
      const { tickets, orderId: idOf, submit, quiescence, progress } = refusing;
      const orderId = idOf('refused-connection');
      tickets.script('vault', orderId, (call) => {
        tickets.stopListening();
        return tickets.respondCorrectly(call);
      });
      await submit(orderId);
      await refusing.untilOrder(orderId, 'an outcome', async () => (await progress(orderId)).outcomes.length > 0);
      await tickets.listen();
      const ending = await quiescence(orderId);
      expectExactlyOne(tickets, orderId, ending);
      expect(tickets.calls('create', orderId)).toHaveLength(1);
      expect(tickets.calls('reservation', orderId)).toHaveLength(1);
      expect(outcomesOfRequests(await progress(orderId))).toEqual([expect.stringMatching(/^committed: /)]);
      expect((await progress(orderId)).outcomes[0]).toBe(
        `not sent: never connected (connect ECONNREFUSED ${new URL(tickets.url).host})`,
      );
    },
  },
  'an order settles, and then fails without a ticket, after': eachOf(
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

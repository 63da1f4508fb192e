import { afterAll, beforeAll, expect } from '@jest/globals';
import type { Guarantee } from 'exactly-one';
import { testConcurrently } from '../../testbed/concurrent-tests.ts';
import { afterDelay, changesBody, holds, refuses, resetsConnection } from './behaviours.ts';
import { deadlineOf } from './in-memory-ticket-system.ts';
import { expectExactlyOne, expectFenceKept } from './order-assertions.ts';
import { createScriptedEnvironment, type ScriptedEnvironment, TIMINGS, within } from './order-environment.ts';
import type { TicketSystemCall } from './scripted-ticket-system.ts';
import { resultOf } from './workflow-endings.ts';

const { createDeadlineMs, clockSkewMs, settleMs } = TIMINGS;
const FAR_SETTLE_MS = 20_000;
const VAULT_TAKES_MS = 300;
const environments = new Map<Guarantee | 'none, late fence', ScriptedEnvironment>();

beforeAll(async () => {
  environments.set('none', await createScriptedEnvironment('none'));
  environments.set('none, late fence', await createScriptedEnvironment('none', { settleMs: FAR_SETTLE_MS }));
  environments.set('deadline', await createScriptedEnvironment('deadline'));
  // Its deadlines are far away: the tests show that nothing waits for them.
  environments.set('idempotency-key', await createScriptedEnvironment('idempotency-key', { createDeadlineMs: 6_000 }));
});
afterAll(async () => {
  for (const environment of [...environments.values()].reverse()) await environment.close();
});

function environmentOf(guarantee: Guarantee | 'none, late fence'): ScriptedEnvironment {
  const environment = environments.get(guarantee);
  if (environment === undefined) throw new Error(`no environment with guarantee ${guarantee}`);
  return environment;
}

testConcurrently({
  'after a create of unknown outcome': {
    async 'without a guarantee, the next create comes past the deadline and SETTLE_MS'() {
      const { tickets, orderId: idOf, run } = environmentOf('none');
      const orderId = idOf('none');
      tickets.script('create', orderId, resetsConnection, refuses(500, 'INTERNAL_ERROR'));
      const ending = await run(orderId);
      expectExactlyOne(tickets, orderId, ending);
      expectFenceKept(tickets, orderId, settleMs);
      expect(tickets.calls('create', orderId)).toHaveLength(3);
    },

    async 'with the guarantee deadline, the next create comes past the deadline'() {
      const { tickets, orderId: idOf, run } = environmentOf('deadline');
      const orderId = idOf('deadline');
      tickets.script('create', orderId, resetsConnection, refuses(500, 'INTERNAL_ERROR'));
      const ending = await run(orderId);
      expectExactlyOne(tickets, orderId, ending);
      expectFenceKept(tickets, orderId, 0);
      expect(tickets.calls('create', orderId)).toHaveLength(3);
    },

    async 'with the guarantee idempotency-key, the create is repeated with the same key, without settling'() {
      const { tickets, orderId: idOf, run } = environmentOf('idempotency-key');
      const orderId = idOf('key');
      tickets.script('create', orderId, resetsConnection, refuses(409, 'IDEMPOTENCY_KEY_IN_FLIGHT'));
      const ending = await run(orderId);
      expectExactlyOne(tickets, orderId, ending);
      const creates = tickets.calls('create', orderId);
      expect(creates.map(({ headers }) => headers['idempotency-key'])).toEqual(Array(3).fill(`${orderId}/0`));
      const [first, second] = creates.map((create) => tickets.received.indexOf(create));
      const checksBetween = tickets.received.slice(first, second).filter(({ endpoint, ...call }) => {
        return endpoint === 'list' && call.orderId === orderId;
      });
      // One check at once and one after the back-off; settling would take more.
      expect(checksBetween.length).toBeLessThanOrEqual(2);
    },

    async 'the idempotency key changes only when a ticket was voided'() {
      const { tickets, orderId: idOf, run } = environmentOf('idempotency-key');
      const orderId = idOf('voided-key');
      tickets.addTicket(orderId, { voided: true });
      const ending = await run(orderId);
      expectExactlyOne(tickets, orderId, ending);
      expect(tickets.calls('create', orderId).map(({ headers }) => headers['idempotency-key'])).toEqual([
        `${orderId}/1`,
      ]);
      expect(resultOf(ending).voidedTicketIds).toHaveLength(1);
    },

    async 'no idempotency key is sent to a service that does not guarantee it'() {
      const { tickets, orderId: idOf, run } = environmentOf('deadline');
      const orderId = idOf('no-key');
      await run(orderId);
      expect(tickets.calls('create', orderId)[0]?.headers).not.toHaveProperty('idempotency-key');
    },

    async 'a ticket that appears ends the wait before the fence'() {
      const { tickets, orderId: idOf, run } = environmentOf('none, late fence');
      const orderId = idOf('found-early');
      tickets.script('create', orderId, async (call) => {
        call.socket.resetAndDestroy();
        await afterDelay(200, (late) => void late.act())(call);
      });
      const ending = await run(orderId);
      expectExactlyOne(tickets, orderId, ending);
      const [create, ...more] = tickets.calls('create', orderId);
      expect(more).toEqual([]);
      expect(tickets.listed(orderId).at(-1)?.asOfMs).toBeLessThan(deadlineOf(create) + FAR_SETTLE_MS);
    },

    async 'a ticket that is made after the deadline, while the order settles, is its ticket'() {
      const { tickets, orderId: idOf, run } = environmentOf('none');
      const orderId = idOf('settled');
      tickets.script('create', orderId, (call) => {
        let isMade = false;
        tickets.break('list', orderId, (check) => {
          if (!isMade && Date.now() > deadlineOf(call)) {
            isMade = true;
            call.act();
          }
          return tickets.respondCorrectly(check);
        });
      });
      const ending = await run(orderId);
      expectExactlyOne(tickets, orderId, ending);
      expect(tickets.calls('create', orderId)).toHaveLength(1);
    },

    async 'the worker waits for the response until the deadline, and not past it'() {
      const { tickets, orderId: idOf, submit, quiescence, untilOrder, progress } = environmentOf('deadline');
      const orderId = idOf('silent');
      const hold = holds<TicketSystemCall>(resetsConnection);
      tickets.script('vault', orderId, afterDelay(VAULT_TAKES_MS, tickets.respondCorrectly));
      tickets.script('create', orderId, hold.behaviour);
      await submit(orderId);
      const call = await hold.reached;
      await within('the worker to close the connection', () => call.socket.destroyed);
      const outcome = await untilOrder(
        orderId,
        'an outcome',
        async () => (await progress(orderId)).outcomes[0] ?? false,
      );
      const [, waitedMs] = /^unknown: .*timed out after (\d+) ms/.exec(outcome) ?? [];
      // What came before the create has cost it time, up to the millisecond by which a timer may be early.
      expect(Number(waitedMs)).toBeLessThan(createDeadlineMs - VAULT_TAKES_MS + 1);
      expect(call.atMs + Number(waitedMs)).toBeGreaterThanOrEqual(deadlineOf(call) - 1);
      hold.release();
      expectExactlyOne(tickets, orderId, await quiescence(orderId));
    },

    async 'a list from before the fence proves nothing, however often it is repeated'() {
      const { tickets, orderId: idOf, run } = environmentOf('deadline');
      const orderId = idOf('lagging');
      tickets.script('create', orderId, resetsConnection);
      // Its clock is behind by nearly all of the allowed skew, so its lists pass the fence that much later.
      const lags = changesBody((list) => ({ ...list, asOf: new Date(Date.now() - clockSkewMs + 40).toISOString() }));
      tickets.break('list', orderId, lags);
      const ending = await run(orderId);
      expectExactlyOne(tickets, orderId, ending);
      const [first, second] = tickets.calls('create', orderId);
      const fenceMs = deadlineOf(first);
      expect(second?.atMs).toBeGreaterThan(fenceMs + 2 * clockSkewMs - 40);
      expect(fenceMs).toBeLessThanOrEqual((first?.atMs ?? 0) + createDeadlineMs);
    },
  },
});

import { afterAll, beforeAll, expect } from '@jest/globals';
import { eachOf, testConcurrently } from '../../testbed/concurrent-tests.ts';
import { expectExactlyOne } from './expectations.ts';
import { answers, answersInstead, answersWith, cutsItsAnswer, refuses, resets, staysSilent } from './misbehaviour.ts';
import { createScriptedWorld, type ScriptedWorld, TIMINGS } from './order-world.ts';
import type { Behaviour } from './scripted-ticket-system.ts';

const NO_ANSWERS: Readonly<Record<string, Behaviour>> = {
  'status 404': refuses(404, 'NOT_FOUND'),
  'status 404 with an empty list': answersInstead(() => ({ status: 404 })),
  'status 500': refuses(500, 'INTERNAL_ERROR'),
  'status 204': answers(204, ''),
  'status 206 with an empty list': answersInstead(() => ({ status: 206 })),
  'a redirect': answers(302, '', { location: '/orders/empty/tickets' }),
  'a reset connection': resets,
  silence: staysSilent,
  'a cut answer': cutsItsAnswer,
  'a body that is no JSON': answersInstead(() => ({ body: '{"tickets": [' })),
  'a list of the content type text/plain': answersInstead(() => ({ headers: { 'content-type': 'text/plain' } })),
  'a bare list': answersWith(() => []),
  'no list': answersWith(({ asOf }) => ({ asOf })),
  'null for a list': answersWith(({ asOf }) => ({ tickets: null, asOf })),
  'no asOf': answersWith(({ tickets }) => ({ tickets })),
  'an asOf that is no time': answersWith(({ tickets }) => ({ tickets, asOf: 'yesterday' })),
  'an asOf that is older than the request': answersWith((list) => ({
    ...list,
    asOf: isoIn(-5_000),
  })),
  'an asOf from the future': answersWith((list) => ({ ...list, asOf: isoIn(60_000) })),
  'a ticket of another order': answersWith((list, { orderId }) => {
    return { ...list, tickets: [listed(orderId, { orderId: 'another' })] };
  }),
  'a ticket of another reservation': answersWith((list, { orderId }) => {
    return { ...list, tickets: [listed(orderId, { reservationId: 'R-another' })] };
  }),
  'a ticket whose id is longer than any id': answersWith((list, { orderId }) => {
    return { ...list, tickets: [listed(orderId, { ticketId: 'T'.repeat(3_000) })] };
  }),
  'a ticket whose id fits into no address': answersWith((list, { orderId }) => {
    return { ...list, tickets: [listed(orderId, { ticketId: 'TICKET-\ud800' })] };
  }),
  'a ticket without voided': answersWith((list, { orderId }) => {
    return { ...list, tickets: [listed(orderId, { voided: undefined })] };
  }),
  'a ticket that is live and voided': answersWith((list, { orderId }) => {
    return { ...list, tickets: [listed(orderId, {}), listed(orderId, { voided: true })] };
  }),
};

let world: ScriptedWorld;
beforeAll(async () => {
  world = await createScriptedWorld('deadline');
});
afterAll(() => world.close());

testConcurrently({
  'no create is sent, and the order waits, visibly, until the list is whole again, after': eachOf(
    NO_ANSWERS,
    async (behaviour, row) => {
      const { tickets, submit, untilOrder, quiescence, progress, client } = world;
      const orderId = world.orderId(`no-answer-${row}`);
      tickets.break('list', orderId, behaviour);
      await submit(orderId);
      await untilOrder(orderId, 'its third look', () => tickets.calls('list', orderId).length >= 3);
      expect(tickets.calls('create', orderId)).toEqual([]);
      expect((await progress(orderId)).phase).toBe('validating');
      const { raw } = await client.workflow.getHandle(orderId).describe();
      expect(raw.pendingActivities?.map(({ activityType }) => activityType?.name)).toEqual(['validateTicket']);
      expect(raw.pendingActivities?.[0]?.lastFailure?.message).toBeTruthy();
      tickets.mend('list', orderId);
      expectExactlyOne(tickets, orderId, await quiescence(orderId));
      expect(tickets.calls('create', orderId)).toHaveLength(1);
    },
  ),

  'an order that waits after a create of unknown outcome': {
    async 'creates nothing while the list is not found, however long the fence has passed'() {
      const { tickets, submit, untilOrder, quiescence } = world;
      const orderId = world.orderId('after-create');
      tickets.script('create', orderId, (call) => {
        tickets.break('list', orderId, refuses(404, 'NOT_FOUND'));
        return resets(call);
      });
      await submit(orderId);
      await untilOrder(orderId, 'a look past the fence', () => {
        const [create] = tickets.calls('create', orderId);
        const look = tickets.calls('list', orderId).at(-1);
        const fenceMs = (create?.atMs ?? Infinity) + TIMINGS.createDeadlineMs;
        return look !== undefined && look.atMs > fenceMs + 2 * TIMINGS.clockSkewMs;
      });
      expect(tickets.calls('create', orderId)).toHaveLength(1);
      tickets.mend('list', orderId);
      expectExactlyOne(tickets, orderId, await quiescence(orderId));
      expect(tickets.calls('create', orderId)).toHaveLength(2);
    },

    async 'does not believe a list that lacks a ticket which it has seen'() {
      const { tickets, submit, untilOrder, quiescence, progress } = world;
      const orderId = world.orderId('lost-ticket');
      const stays = tickets.addTicket(orderId, { createdAt: isoIn(-10_000) });
      const surplus = tickets.addTicket(orderId);
      const lacksTheSurplus = answersWith((list) => ({
        ...list,
        tickets: tickets.tickets(orderId).filter(({ ticketId }) => ticketId !== surplus.ticketId),
      }));
      tickets.script('list', orderId, tickets.behave);
      tickets.break('list', orderId, lacksTheSurplus);
      await submit(orderId);
      await untilOrder(orderId, 'its third look', () => tickets.calls('list', orderId).length >= 3);
      expect((await progress(orderId)).phase).toBe('validating');
      tickets.mend('list', orderId);
      const ending = await quiescence(orderId);
      expectExactlyOne(tickets, orderId, ending);
      expect(ending).toMatchObject({ result: { ticketId: stays.ticketId, voidedTicketIds: [surplus.ticketId] } });
    },

    async 'does not believe a list in which a voided ticket is live again'() {
      const { tickets, submit, untilOrder, quiescence, progress } = world;
      const orderId = world.orderId('revived-ticket');
      tickets.addTicket(orderId, { voided: true });
      const revives = answersWith((list) => ({
        ...list,
        tickets: tickets.tickets(orderId).map((ticket) => ({ ...ticket, voided: false })),
      }));
      tickets.script('create', orderId, resets);
      tickets.script('list', orderId, tickets.behave);
      tickets.break('list', orderId, revives);
      await submit(orderId);
      await untilOrder(orderId, 'its third look', () => tickets.calls('list', orderId).length >= 3);
      expect((await progress(orderId)).phase).toBe('validating');
      tickets.mend('list', orderId);
      expectExactlyOne(tickets, orderId, await quiescence(orderId));
      expect(tickets.calls('create', orderId)).toHaveLength(2);
    },
  },

  'a whole list': {
    async 'may give times as numbers'() {
      const { tickets, run } = world;
      const orderId = world.orderId('numbers');
      tickets.script('create', orderId, resets);
      const inNumbers = answersWith((list) => ({
        tickets: tickets.tickets(orderId).map((ticket) => ({ ...ticket, createdAt: Date.parse(ticket.createdAt) })),
        asOf: Date.parse(String(list.asOf)),
      }));
      tickets.break('list', orderId, inNumbers);
      expectExactlyOne(tickets, orderId, await run(orderId));
      expect(tickets.calls('create', orderId)).toHaveLength(2);
    },

    async 'may name the same ticket twice, which is one ticket'() {
      const { tickets, run } = world;
      const orderId = world.orderId('twice');
      const twice = answersWith((list) => ({ ...list, tickets: [list.tickets, list.tickets].flat() }));
      tickets.break('list', orderId, twice);
      expectExactlyOne(tickets, orderId, await run(orderId));
      expect(tickets.calls('create', orderId)).toHaveLength(1);
      expect(tickets.calls('void', orderId)).toEqual([]);
    },
  },
});

function isoIn(ms: number): string {
  return new Date(Date.now() + ms).toISOString();
}

function listed(orderId: string, change: Readonly<Record<string, unknown>>) {
  return {
    orderId,
    reservationId: `R-${orderId}`,
    ticketId: 'TICKET-listed',
    paymentInfo: 'VISA-****-****-****-2526',
    createdAt: isoIn(-1_000),
    voided: false,
    ...change,
  };
}

import { afterAll, beforeAll, expect } from '@jest/globals';
import { eachOf, testConcurrently } from '../../testbed/concurrent-tests.ts';
import {
  changesBody,
  changesResponse,
  neverResponds,
  refuses,
  resetsConnection,
  respondsWith,
  truncatesResponse,
} from './behaviours.ts';
import { expectExactlyOne } from './order-assertions.ts';
import { createScriptedEnvironment, type ScriptedEnvironment, TIMINGS } from './order-environment.ts';
import type { TicketSystemBehaviour } from './scripted-ticket-system.ts';

const INCOMPLETE_RESPONSES: Readonly<Record<string, TicketSystemBehaviour>> = {
  'status 404': refuses(404, 'NOT_FOUND'),
  'status 404 with an empty list': changesResponse(() => ({ status: 404 })),
  'status 500': refuses(500, 'INTERNAL_ERROR'),
  'status 204': respondsWith(204, ''),
  'status 206 with an empty list': changesResponse(() => ({ status: 206 })),
  'a redirect': respondsWith(302, '', { location: '/orders/empty/tickets' }),
  'a reset connection': resetsConnection,
  'no response at all': neverResponds,
  'a truncated response': truncatesResponse,
  'a body that is not JSON': changesResponse(() => ({ body: '{"tickets": [' })),
  'a list with the content type text/plain': changesResponse(() => ({ headers: { 'content-type': 'text/plain' } })),
  'a bare list': changesBody(() => []),
  'no list': changesBody(({ asOf }) => ({ asOf })),
  'null instead of a list': changesBody(({ asOf }) => ({ tickets: null, asOf })),
  'no asOf': changesBody(({ tickets }) => ({ tickets })),
  'an asOf that is not a time': changesBody(({ tickets }) => ({ tickets, asOf: 'yesterday' })),
  'an asOf that is older than the request': changesBody((list) => ({
    ...list,
    asOf: isoIn(-5_000),
  })),
  'an asOf from the future': changesBody((list) => ({ ...list, asOf: isoIn(60_000) })),
  'a ticket of another order': changesBody((list, { orderId }) => {
    return { ...list, tickets: [listed(orderId, { orderId: 'another' })] };
  }),
  'a ticket of another reservation': changesBody((list, { orderId }) => {
    return { ...list, tickets: [listed(orderId, { reservationId: 'R-another' })] };
  }),
  'a ticket whose id is too long': changesBody((list, { orderId }) => {
    return { ...list, tickets: [listed(orderId, { ticketId: 'T'.repeat(3_000) })] };
  }),
  'a ticket whose id cannot be part of a URL': changesBody((list, { orderId }) => {
    return { ...list, tickets: [listed(orderId, { ticketId: 'TICKET-\ud800' })] };
  }),
  'a ticket without voided': changesBody((list, { orderId }) => {
    return { ...list, tickets: [listed(orderId, { voided: undefined })] };
  }),
  'a ticket that is both live and voided': changesBody((list, { orderId }) => {
    return { ...list, tickets: [listed(orderId, {}), listed(orderId, { voided: true })] };
  }),
};

let environment: ScriptedEnvironment;
beforeAll(async () => {
  environment = await createScriptedEnvironment('deadline');
});
afterAll(() => environment.close());

testConcurrently({
  'an order waits, visibly and without a create, until a list is complete again, after': eachOf(
    INCOMPLETE_RESPONSES,
    async (behaviour, row) => {
      const { tickets, submit, untilOrder, quiescence, progress, client } = environment;
      const orderId = environment.orderId(`incomplete-${row}`);
      tickets.break('list', orderId, behaviour);
      await submit(orderId);
      await untilOrder(orderId, 'its third check', () => tickets.calls('list', orderId).length >= 3);
      expect(tickets.calls('create', orderId)).toEqual([]);
      expect((await progress(orderId)).phase).toBe('validating');
      const { raw } = await client.workflow.getHandle(orderId).describe();
      expect(raw.pendingActivities?.map(({ activityType }) => activityType?.name)).toEqual(['validateTicket']);
      expect(raw.pendingActivities?.[0]?.lastFailure?.message).toBeTruthy();
      tickets.restore('list', orderId);
      expectExactlyOne(tickets, orderId, await quiescence(orderId));
      expect(tickets.calls('create', orderId)).toHaveLength(1);
    },
  ),

  'an order that knows more than a list shows': {
    async 'sends no create while lists are not found, however long ago the fence was'() {
      const { tickets, submit, untilOrder, quiescence } = environment;
      const orderId = environment.orderId('after-create');
      tickets.script('create', orderId, (call) => {
        tickets.break('list', orderId, refuses(404, 'NOT_FOUND'));
        return resetsConnection(call);
      });
      await submit(orderId);
      await untilOrder(orderId, 'a check past the fence', () => {
        const [create] = tickets.calls('create', orderId);
        const check = tickets.calls('list', orderId).at(-1);
        const fenceMs = (create?.atMs ?? Infinity) + TIMINGS.createDeadlineMs;
        return check !== undefined && check.atMs > fenceMs + 2 * TIMINGS.clockSkewMs;
      });
      expect(tickets.calls('create', orderId)).toHaveLength(1);
      tickets.restore('list', orderId);
      expectExactlyOne(tickets, orderId, await quiescence(orderId));
      expect(tickets.calls('create', orderId)).toHaveLength(2);
    },

    async 'rejects a list that lacks a ticket it has seen'() {
      const { tickets, submit, untilOrder, quiescence, progress } = environment;
      const orderId = environment.orderId('lost-ticket');
      const stays = tickets.addTicket(orderId, { createdAt: isoIn(-10_000) });
      const surplus = tickets.addTicket(orderId);
      const lacksTheSurplus = changesBody((list) => ({
        ...list,
        tickets: tickets.tickets(orderId).filter(({ ticketId }) => ticketId !== surplus.ticketId),
      }));
      tickets.script('list', orderId, tickets.respondCorrectly);
      tickets.break('list', orderId, lacksTheSurplus);
      await submit(orderId);
      await untilOrder(orderId, 'its third check', () => tickets.calls('list', orderId).length >= 3);
      expect((await progress(orderId)).phase).toBe('validating');
      tickets.restore('list', orderId);
      const ending = await quiescence(orderId);
      expectExactlyOne(tickets, orderId, ending);
      expect(ending).toMatchObject({ result: { ticketId: stays.ticketId, voidedTicketIds: [surplus.ticketId] } });
    },

    async 'rejects a list in which a voided ticket is live again'() {
      const { tickets, submit, untilOrder, quiescence, progress } = environment;
      const orderId = environment.orderId('revived-ticket');
      tickets.addTicket(orderId, { voided: true });
      const revives = changesBody((list) => ({
        ...list,
        tickets: tickets.tickets(orderId).map((ticket) => ({ ...ticket, voided: false })),
      }));
      tickets.script('create', orderId, resetsConnection);
      tickets.script('list', orderId, tickets.respondCorrectly);
      tickets.break('list', orderId, revives);
      await submit(orderId);
      await untilOrder(orderId, 'its third check', () => tickets.calls('list', orderId).length >= 3);
      expect((await progress(orderId)).phase).toBe('validating');
      tickets.restore('list', orderId);
      expectExactlyOne(tickets, orderId, await quiescence(orderId));
      expect(tickets.calls('create', orderId)).toHaveLength(2);
    },
  },

  'a complete list': {
    async 'may contain times as numbers'() {
      const { tickets, run } = environment;
      const orderId = environment.orderId('numbers');
      tickets.script('create', orderId, resetsConnection);
      const inNumbers = changesBody((list) => ({
        tickets: tickets.tickets(orderId).map((ticket) => ({ ...ticket, createdAt: Date.parse(ticket.createdAt) })),
        asOf: Date.parse(String(list.asOf)),
      }));
      tickets.break('list', orderId, inNumbers);
      expectExactlyOne(tickets, orderId, await run(orderId));
      expect(tickets.calls('create', orderId)).toHaveLength(2);
    },

    async 'may contain the same ticket twice, which counts once'() {
      const { tickets, run } = environment;
      const orderId = environment.orderId('twice');
      const twice = changesBody((list) => ({ ...list, tickets: [list.tickets, list.tickets].flat() }));
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

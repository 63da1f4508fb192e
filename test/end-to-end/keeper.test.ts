import { afterAll, beforeAll, expect } from '@jest/globals';
import { testConcurrently } from '../../testbed/concurrent-tests.ts';
import { actsThen, changesBody, refuses, resetsConnection } from './behaviours.ts';
import { expectExactlyOne } from './order-assertions.ts';
import { createScriptedEnvironment, type ScriptedEnvironment } from './order-environment.ts';

const [EARLY, LATE] = ['2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.001Z'];

let environment: ScriptedEnvironment;
beforeAll(async () => {
  environment = await createScriptedEnvironment('none');
});
afterAll(() => environment.close());

const keepsAndVoids = (orderId: string) =>
  environment.tickets.calls('void', orderId).map(({ path, body }) => [path.split('/')[4], JSON.parse(body)]);

testConcurrently({
  'of several tickets': {
    async 'the first by creation time and then by id is kept, and the others are voided'() {
      const { tickets, run } = environment;
      const orderId = environment.orderId('surplus');
      tickets.addTicket(orderId, { ticketId: 'TICKET-A', createdAt: LATE });
      tickets.addTicket(orderId, { ticketId: 'TICKET-C', createdAt: EARLY });
      tickets.addTicket(orderId, { ticketId: 'TICKET-B', createdAt: EARLY });
      const ending = await run(orderId);
      expectExactlyOne(tickets, orderId, ending);
      expect(ending).toMatchObject({ result: { ticketId: 'TICKET-B', createAttempts: 0 } });
      expect(keepsAndVoids(orderId).sort()).toEqual([
        ['TICKET-A', { keep: 'TICKET-B' }],
        ['TICKET-C', { keep: 'TICKET-B' }],
      ]);
      expect(tickets.calls('create', orderId)).toEqual([]);
      // After the voids it checks again before it completes.
      const lastVoidMs = tickets.calls('void', orderId).at(-1)?.atMs ?? Infinity;
      expect(tickets.listed(orderId).at(-1)).toMatchObject({ live: ['TICKET-B'] });
      expect(tickets.listed(orderId).at(-1)?.atMs).toBeGreaterThanOrEqual(lastVoidMs);
    },

    async 'one is kept whose id is a UUID with groups of digits, which is not a card number'() {
      const { tickets, run } = environment;
      const orderId = environment.orderId('digits');
      const ticketId = '00001234-5678-4012-8345-123456789012';
      tickets.addTicket(orderId, { ticketId, createdAt: EARLY });
      tickets.addTicket(orderId, { ticketId: '0193d4b2-1234-4567-8901-2345abcdef01', createdAt: LATE });
      const ending = await run(orderId);
      expectExactlyOne(tickets, orderId, ending);
      expect(ending).toMatchObject({ result: { ticketId } });
    },

    async 'another one is chosen when the keeper is not live any more'() {
      const { tickets, run } = environment;
      const orderId = environment.orderId('keeper-gone');
      tickets.addTicket(orderId, { ticketId: 'TICKET-A', createdAt: EARLY });
      tickets.addTicket(orderId, { ticketId: 'TICKET-B', createdAt: LATE });
      tickets.script('void', orderId, (call) => {
        tickets.voidDirectly(orderId, 'TICKET-A');
        return tickets.respondCorrectly(call);
      });
      const ending = await run(orderId);
      expectExactlyOne(tickets, orderId, ending);
      expect(ending).toMatchObject({ result: { ticketId: 'TICKET-B', voidedTicketIds: ['TICKET-A'] } });
      expect(keepsAndVoids(orderId)).toEqual([['TICKET-B', { keep: 'TICKET-A' }]]);
      expect(tickets.calls('create', orderId)).toEqual([]);
    },

    async 'a void is repeated until its response is complete'() {
      const { tickets, run } = environment;
      const orderId = environment.orderId('void-retried');
      tickets.addTicket(orderId, { ticketId: 'TICKET-A', createdAt: EARLY });
      tickets.addTicket(orderId, { ticketId: 'TICKET-B', createdAt: LATE });
      tickets.script(
        'void',
        orderId,
        refuses(404, 'TICKET_UNKNOWN'),
        refuses(409, 'SOMETHING_ELSE'),
        changesBody((ticket) => ({ ...ticket, ticketId: 'TICKET-A' })),
        actsThen(resetsConnection),
      );
      const ending = await run(orderId);
      expectExactlyOne(tickets, orderId, ending);
      expect(tickets.calls('void', orderId)).toHaveLength(5);
    },

    async 'a void that was confirmed but not done is repeated'() {
      const { tickets, run } = environment;
      const orderId = environment.orderId('void-lied');
      tickets.addTicket(orderId, { ticketId: 'TICKET-A', createdAt: EARLY });
      const surplus = tickets.addTicket(orderId, { ticketId: 'TICKET-B', createdAt: LATE });
      tickets.script('void', orderId, (call) => call.send({ status: 200, body: { ...surplus, voided: true } }));
      const ending = await run(orderId);
      expectExactlyOne(tickets, orderId, ending);
      expect(tickets.calls('void', orderId)).toHaveLength(2);
    },
  },
});

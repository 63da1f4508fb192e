import { afterAll, beforeAll, expect } from '@jest/globals';
import { eachOf, testConcurrently } from '../../testbed/concurrent-tests.ts';
import { resultOf } from './endings.ts';
import { expectExactlyOne, outcomesOfSends } from './expectations.ts';
import {
  actsThen,
  answers,
  answersInstead,
  answersSlowly,
  answersTwice,
  answersWith,
  cutsItsAnswer,
  hangsUp,
  later,
  refuses,
  resets,
  writes,
} from './misbehaviour.ts';
import { createScriptedWorld, type ScriptedWorld } from './order-world.ts';
import type { Behaviour } from './scripted-ticket-system.ts';

// Two workers: ten failures in a row would open the circuit breaker of one.
let worlds: readonly [ScriptedWorld, ScriptedWorld];
beforeAll(async () => {
  worlds = [await createScriptedWorld('deadline'), await createScriptedWorld('deadline')];
});
afterAll(async () => {
  for (const world of worlds) await world.close();
});

type Outcome = 'committed' | 'rejected' | 'unknown';

const endsWithItsTicket = (world: 0 | 1, outcome: Outcome) => async (create: Behaviour, row: number) => {
  const { tickets, orderId: idOf, run, progress } = worlds[world];
  const orderId = idOf(`${outcome}-${row}`);
  tickets.script('create', orderId, create);
  const ending = await run(orderId);
  expectExactlyOne(tickets, orderId, ending);
  expect(tickets.calls('create', orderId)).toHaveLength(1);
  expect(tickets.tickets(orderId)).toHaveLength(1);
  expect(resultOf(ending)).toMatchObject({ orderId, reservationId: `R-${orderId}`, voidedTicketIds: [] });
  expect(outcomesOfSends(await progress(orderId))).toEqual([expect.stringMatching(`^${outcome}: `)]);
};

testConcurrently({
  'a create that made a ticket ends with this ticket and is not sent again, whatever it answered:': {
    ...eachOf(
      {
        'an answer that is cut in the middle': cutsItsAnswer,
        'a reset connection': actsThen(resets),
        'a closed connection': actsThen(hangsUp),
        'status 500': actsThen(refuses(500, 'INTERNAL_ERROR')),
        'status 401': actsThen(refuses(401, 'TOKEN_EXPIRED')),
        'status 202 with the ticket': answersInstead(() => ({ status: 202 })),
        'a ticket of the content type text/html': answersInstead(() => ({ headers: { 'content-type': 'text/html' } })),
      },
      endsWithItsTicket(0, 'unknown'),
    ),
    ...eachOf(
      {
        'a body that is no JSON': answersInstead(() => ({ body: '{"ticketId": ' })),
        'a few bytes at a time, until after the deadline': answersSlowly(4, 100),
        'a redirect': actsThen(answers(308, '', { location: '/orders/elsewhere/tickets' })),
        'a switch of protocols': actsThen(
          writes('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: other\r\n\r\n'),
        ),
        'a ticket of another order': answersWith((ticket) => ({ ...ticket, orderId: 'another' })),
        'a ticket of another reservation': answersWith((ticket) => ({ ...ticket, reservationId: 'R-another' })),
        'a ticket without an id': answersWith(({ ticketId, ...ticket }) => ticket),
      },
      endsWithItsTicket(1, 'unknown'),
    ),
    ...eachOf(
      {
        'status 422 PAYMENT_DECLINED': actsThen(refuses(422, 'PAYMENT_DECLINED')),
        'status 403 FORBIDDEN, and the ticket is made only afterwards': async (call) => {
          await refuses(403, 'FORBIDDEN')(call);
          await later(100, (late) => void late.act())(call);
        },
      },
      endsWithItsTicket(1, 'rejected'),
    ),
    ...eachOf(
      {
        'the same answer twice on one connection': answersTwice,
        'times as numbers': answersWith((ticket) => ({ ...ticket, createdAt: Date.now() })),
      },
      endsWithItsTicket(1, 'committed'),
    ),
  },
});

import { afterAll, beforeAll, expect } from '@jest/globals';
import { eachOf, testConcurrently } from '../../testbed/concurrent-tests.ts';
import {
  actsThen,
  afterDelay,
  changesBody,
  changesResponse,
  closesConnection,
  refuses,
  resetsConnection,
  respondsSlowly,
  respondsTwice,
  respondsWith,
  sendsText,
  truncatesResponse,
} from './behaviours.ts';
import { expectExactlyOne, outcomesOfRequests } from './order-assertions.ts';
import { createScriptedEnvironment, type ScriptedEnvironment } from './order-environment.ts';
import type { TicketSystemBehaviour } from './scripted-ticket-system.ts';
import { resultOf } from './workflow-endings.ts';

// Two workers, because ten failures in a row would open the circuit breaker of one.
let environments: readonly [ScriptedEnvironment, ScriptedEnvironment];
beforeAll(async () => {
  environments = [await createScriptedEnvironment('deadline'), await createScriptedEnvironment('deadline')];
});
afterAll(async () => {
  for (const environment of environments) await environment.close();
});

type Outcome = 'committed' | 'rejected' | 'unknown';

const endsWithItsTicket =
  (environment: 0 | 1, outcome: Outcome) => async (create: TicketSystemBehaviour, row: number) => {
    const { tickets, orderId: idOf, run, progress } = environments[environment];
    const orderId = idOf(`${outcome}-${row}`);
    tickets.script('create', orderId, create);
    const ending = await run(orderId);
    expectExactlyOne(tickets, orderId, ending);
    expect(tickets.calls('create', orderId)).toHaveLength(1);
    expect(tickets.tickets(orderId)).toHaveLength(1);
    expect(resultOf(ending)).toMatchObject({ orderId, reservationId: `R-${orderId}`, voidedTicketIds: [] });
    expect(outcomesOfRequests(await progress(orderId))).toEqual([expect.stringMatching(`^${outcome}: `)]);
  };

testConcurrently({
  'an order whose create made a ticket ends with this ticket and sends no other create, after': {
    ...eachOf(
      {
        'a truncated response': truncatesResponse,
        'a reset connection': actsThen(resetsConnection),
        'a closed connection': actsThen(closesConnection),
        'status 500': actsThen(refuses(500, 'INTERNAL_ERROR')),
        'status 401': actsThen(refuses(401, 'TOKEN_EXPIRED')),
        'status 202 with the ticket': changesResponse(() => ({ status: 202 })),
        'a ticket with the content type text/html': changesResponse(() => ({
          headers: { 'content-type': 'text/html' },
        })),
      },
      endsWithItsTicket(0, 'unknown'),
    ),
    ...eachOf(
      {
        'a body that is not JSON': changesResponse(() => ({ body: '{"ticketId": ' })),
        'a response of a few bytes at a time, until after the deadline': respondsSlowly(4, 100),
        'a redirect': actsThen(respondsWith(308, '', { location: '/orders/elsewhere/tickets' })),
        'status 101 Switching Protocols': actsThen(
          sendsText('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: other\r\n\r\n'),
        ),
        'a ticket of another order': changesBody((ticket) => ({ ...ticket, orderId: 'another' })),
        'a ticket of another reservation': changesBody((ticket) => ({ ...ticket, reservationId: 'R-another' })),
        'a ticket without an id': changesBody(({ ticketId, ...ticket }) => ticket),
      },
      endsWithItsTicket(1, 'unknown'),
    ),
    ...eachOf(
      {
        'status 422 PAYMENT_DECLINED': actsThen(refuses(422, 'PAYMENT_DECLINED')),
        'status 403 FORBIDDEN before the ticket is made': async (call) => {
          await refuses(403, 'FORBIDDEN')(call);
          await afterDelay(100, (late) => void late.act())(call);
        },
      },
      endsWithItsTicket(1, 'rejected'),
    ),
    ...eachOf(
      {
        'the same response twice on one connection': respondsTwice,
        'a response with times as numbers': changesBody((ticket) => ({ ...ticket, createdAt: Date.now() })),
      },
      endsWithItsTicket(1, 'committed'),
    ),
  },
});

import { afterAll, beforeAll, expect } from '@jest/globals';
import { eachOf, testConcurrently } from '../../testbed/concurrent-tests.ts';
import { refuses, resetsConnection, respondsWith, sendsText } from './behaviours.ts';
import { expectExactlyOne, expectFenceKept } from './order-assertions.ts';
import { createScriptedEnvironment, type ScriptedEnvironment } from './order-environment.ts';
import type { TicketSystemBehaviour } from './scripted-ticket-system.ts';

// Two workers, because ten failures in a row would open the circuit breaker of one.
let environments: readonly [ScriptedEnvironment, ScriptedEnvironment];
beforeAll(async () => {
  environments = [await createScriptedEnvironment('deadline'), await createScriptedEnvironment('deadline')];
});
afterAll(async () => {
  for (const environment of environments) await environment.close();
});

const isRepeatedPastTheFence = (environment: 0 | 1) => async (create: TicketSystemBehaviour, row: number) => {
  const { tickets, orderId: idOf, run } = environments[environment];
  const orderId = idOf(`order-${row}`);
  tickets.script('create', orderId, create);
  const ending = await run(orderId);
  expectExactlyOne(tickets, orderId, ending);
  expectFenceKept(tickets, orderId, 0);
  expect(tickets.calls('create', orderId)).toHaveLength(2);
  expect(tickets.tickets(orderId)).toHaveLength(1);
  // What the ticket system guarantees is read again after each unknown outcome.
  expect(tickets.calls('reservation', orderId)).toHaveLength(2);
};

testConcurrently({
  'an order sends another create only past the fence, after': {
    ...eachOf(
      {
        'status 401': refuses(401, 'TOKEN_EXPIRED'),
        'status 408': refuses(408, 'DEADLINE_PASSED'),
        'status 409': refuses(409, 'IDEMPOTENCY_KEY_IN_FLIGHT'),
        'status 422 IDEMPOTENCY_KEY_REUSED': refuses(422, 'IDEMPOTENCY_KEY_REUSED'),
        'status 404 with an unknown code': refuses(404, 'NOT_FOUND'),
        'status 400 with a known code in HTML': respondsWith(
          400,
          { error: 'no', code: 'INVALID_REQUEST' },
          {
            'content-type': 'text/html',
          },
        ),
        'status 403 without a body': respondsWith(403, ''),
      },
      isRepeatedPastTheFence(0),
    ),
    ...eachOf(
      {
        'status 503': refuses(503, 'SHUTTING_DOWN'),
        'status 204': sendsText('HTTP/1.1 204 No Content\r\n\r\n'),
        'status 100 only': sendsText('HTTP/1.1 100 Continue\r\n\r\n'),
        'status 103 only': sendsText('HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n'),
        'a response that is not HTTP': sendsText('SSH-2.0-OpenSSH_9.6\r\n'),
        'a reset connection': resetsConnection,
        'a redirect with status 303': respondsWith(303, '', { location: '/health' }),
      },
      isRepeatedPastTheFence(1),
    ),
  },
});

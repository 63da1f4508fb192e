import { expect } from '@jest/globals';
import { testConcurrently } from '../../testbed/concurrent-tests.ts';
import { actsThen, changesBody, holds, refuses, resetsConnection } from './behaviours.ts';
import { expectExactlyOne } from './order-assertions.ts';
import {
  createScriptedEnvironment,
  type EnvironmentOptions,
  type ScriptedEnvironment,
  TIMINGS,
} from './order-environment.ts';
import type { TicketSystemCall } from './scripted-ticket-system.ts';
import { storedOf } from './stored-in-temporal.ts';
import { startWorkerProcess } from './worker-process.ts';
import { resultOf } from './workflow-endings.ts';

/** Tokens belong to a worker and not to an order, so each test that counts them has a worker and a ticket system. */
function alone(
  run: (environment: ScriptedEnvironment) => Promise<void>,
  options: EnvironmentOptions & { readonly guarantee?: 'none' | 'deadline' } = {},
) {
  return async () => {
    const { guarantee = 'deadline', ...rest } = options;
    const environment = await createScriptedEnvironment(guarantee, rest);
    try {
      await run(environment);
    } finally {
      await environment.close();
    }
  };
}

const tokenOf = (call: { readonly headers: { readonly authorization?: string | undefined } } | undefined) =>
  call?.headers.authorization;

/** How often an order has asked a worker to obtain a token. */
async function timesAskedFor({ history }: ScriptedEnvironment, orderId: string): Promise<number> {
  const events = await history(orderId);
  return events.filter((event) => event.activityTaskScheduledEventAttributes?.activityType?.name === 'getToken').length;
}

testConcurrently({
  'a token': {
    'that is refused again and again is replaced each time, without a limit': alone(
      async ({ tickets, run, orderId }) => {
        const id = orderId('refused');
        tickets.script('reservation', id, refuses(401, 'TOKEN_EXPIRED'));
        tickets.script('list', id, ...Array(5).fill(refuses(401, 'TOKEN_EXPIRED')));
        tickets.script('vault', id, ...Array(4).fill(refuses(401, 'TOKEN_EXPIRED')));
        const ending = await run(id);
        expectExactlyOne(tickets, id, ending);
        expect(tickets.calls('create', id)).toHaveLength(1);
        expect(tickets.calls('token', '')).toHaveLength(8);
      },
    ),

    'that is refused on create leaves the outcome unknown, and is replaced': alone(
      async ({ tickets, run, orderId }) => {
        const id = orderId('refused-on-create');
        tickets.script('create', id, refuses(401, 'TOKEN_EXPIRED'));
        const ending = await run(id);
        expectExactlyOne(tickets, id, ending);
        const [first, second] = tickets.calls('create', id).map(tokenOf);
        expect(second).not.toBe(first);
        expect(tickets.calls('list', id).slice(1).map(tokenOf)).not.toContain(first);
      },
    ),

    'that is refused on a void is replaced': alone(async ({ tickets, run, orderId }) => {
      const id = orderId('refused-on-void');
      tickets.addTicket(id, { createdAt: '2026-01-01T00:00:00.000Z' });
      tickets.addTicket(id);
      tickets.script('void', id, refuses(401, 'TOKEN_EXPIRED'));
      expectExactlyOne(tickets, id, await run(id));
    }),

    'that expires before the deadline of a create is renewed before the create is sent': alone(
      async ({ tickets, run, orderId }) => {
        const id = orderId('renewed');
        // Valid for long enough to check, but not to create.
        tickets.script(
          'token',
          '',
          changesBody((token) => ({ ...token, expiresAt: new Date(Date.now() + 20_000).toISOString() })),
        );
        const ending = await run(id);
        expectExactlyOne(tickets, id, ending);
        expect(resultOf(ending).createAttempts).toBe(1);
        expect(tickets.calls('token', '')).toHaveLength(2);
        const [check] = tickets.calls('list', id);
        const [create] = tickets.calls('create', id);
        expect(tokenOf(create)).not.toBe(tokenOf(check));
      },
      { createDeadlineMs: 30_000 },
    ),

    'is requested again after refusals, and may have its expiry as a number': alone(
      async ({ tickets, run, orderId }) => {
        const id = orderId('numbers');
        tickets.script(
          'token',
          '',
          refuses(401, 'UNAUTHORIZED'),
          changesBody((token) => ({ ...token, token: 'not allowed\nin a header' })),
          refuses(429, 'TOO_MANY_REQUESTS', { 'retry-after': '1' }),
          changesBody((token) => ({ ...token, expiresAt: Date.parse(String(token.expiresAt)) })),
        );
        expectExactlyOne(tickets, id, await run(id));
        const [, , limited, next] = tickets.calls('token', '');
        expect((next?.atMs ?? 0) - (limited?.atMs ?? 0)).toBeGreaterThanOrEqual(1_000);
      },
    ),

    'that expires in the middle of an order is renewed': alone(async ({ tickets, run, orderId }) => {
      const id = orderId('short-lived');
      // The order waits for the fence of its first create, which is later.
      tickets.setTokenTtlMs(TIMINGS.createDeadlineMs - 500);
      tickets.script('create', id, refuses(503, 'SHUTTING_DOWN'));
      expectExactlyOne(tickets, id, await run(id));
      expect(tickets.calls('create', id)).toHaveLength(2);
    }),

    'is shared by all orders of a worker, and replaced once when it is refused to all of them': alone(
      async ({ tickets, submit, quiescence, orderId }) => {
        const ids = Array.from({ length: 12 }, (_, index) => orderId(`shared-${index}`));
        const held = ids.map((id) => {
          const hold = holds(tickets.respondCorrectly);
          tickets.script('list', id, hold.behaviour);
          return hold;
        });
        await Promise.all(ids.map(submit));
        await Promise.all(held.map(({ reached }) => reached));
        expect(tickets.calls('token', '')).toHaveLength(1);
        tickets.revokeTokens();
        for (const { release } of held) release();
        for (const id of ids) expectExactlyOne(tickets, id, await quiescence(id));
        for (const id of ids) expect(tickets.calls('create', id)).toHaveLength(1);
        expect(tickets.calls('token', '')).toHaveLength(2);
      },
    ),
  },

  'a worker': {
    'creates with a token of its own when another process has asked for one': alone(
      async (environment) => {
        const { tickets, submit, quiescence, orderId, address, taskQueue } = environment;
        const start = () => startWorkerProcess({ temporalAddress: address, taskQueue, ticketSystemUrl: tickets.url });
        const first = await start();
        const id = orderId('other-process');
        const held = holds(tickets.respondCorrectly);
        tickets.script('list', id, held.behaviour);
        await submit(id);
        await held.reached;
        // It finishes the validation and takes nothing more.
        const stopped = first.child.stop(20_000);
        await first.child.output.lineMatching(/worker is stopping/);
        const second = await start();
        held.release();
        await stopped;
        expectExactlyOne(tickets, id, await quiescence(id));
        expect(await timesAskedFor(environment, id)).toBe(1);
        expect(tickets.calls('token', '')).toHaveLength(2);
        const [check] = tickets.calls('list', id);
        const creates = tickets.calls('create', id);
        expect(creates).toHaveLength(1);
        expect(tokenOf(creates[0])).not.toBe(tokenOf(check));
        await second.child.stop(20_000);
      },
      { withWorker: false },
    ),

    'that cannot obtain a token before a create does not send it, and the order goes on when it can': alone(
      async ({ tickets, submit, quiescence, orderId, untilOrder, progress }) => {
        const id = orderId('no-token');
        const held = holds(tickets.respondCorrectly);
        tickets.script('list', id, held.behaviour);
        await submit(id);
        await held.reached;
        // The token of the worker is refused to another order, after this one has made sure that the worker has one.
        tickets.break('token', '', refuses(503, 'SHUTTING_DOWN'));
        const other = orderId('refused');
        tickets.script('reservation', other, refuses(401, 'TOKEN_EXPIRED'));
        await submit(other);
        await untilOrder(other, 'a request for a new token', () => tickets.calls('token', '').length > 1);
        held.release();
        await untilOrder(id, 'its first outcome', async () => (await progress(id)).outcomes.length > 0);
        expect((await progress(id)).outcomes[0]).toMatch(
          /^not sent: no token could be obtained: .* 503 SHUTTING_DOWN$/,
        );
        expect(tickets.calls('create', id)).toHaveLength(0);
        tickets.restore('token', '');
        expectExactlyOne(tickets, id, await quiescence(id));
        expect(tickets.calls('create', id)).toHaveLength(1);
      },
      // Waiting for a token takes a share of it, and the refusal must arrive within that.
      { createDeadlineMs: 30_000 },
    ),
  },

  'no history and no log': {
    'contains a token, whatever becomes of the tokens': alone(
      async (environment) => {
        const { tickets, submit, quiescence, orderId, address, taskQueue } = environment;
        const worker = await startWorkerProcess({ temporalAddress: address, taskQueue, ticketSystemUrl: tickets.url });
        const [refused, late, quoted] = [orderId('refused'), orderId('late'), orderId('quoted')];
        for (const endpoint of ['reservation', 'list', 'vault', 'create'] as const) {
          tickets.script(endpoint, refused, refuses(401, 'TOKEN_EXPIRED'));
        }
        tickets.addTicket(refused, { createdAt: '2026-01-01T00:00:00.000Z' });
        tickets.addTicket(refused);
        tickets.script('void', refused, refuses(401, 'TOKEN_EXPIRED'));
        // An outcome that stays unknown leaves a late watch.
        tickets.script('create', late, resetsConnection);
        const quotes = changesBody<TicketSystemCall>((body, { headers }) =>
          JSON.parse(JSON.stringify(body).replaceAll(/R-|TICKET-/g, `${String(headers.authorization).slice(7)}-`)),
        );
        tickets.script('reservation', quoted, quotes, refuses(500, 'INTERNAL_ERROR'), resetsConnection);
        tickets.script('create', quoted, quotes);
        tickets.script('list', quoted, actsThen(resetsConnection), quotes);
        await Promise.all([refused, late, quoted].map(submit));
        for (const id of [refused, late, quoted]) expectExactlyOne(tickets, id, await quiescence(id));
        const stored = (await Promise.all([refused, late, quoted].map((id) => storedOf(environment, id)))).join('\n');
        await worker.child.stop(20_000);

        // The search finds what is there.
        expect(stored).toContain(`${late}:late-watch:`);
        expect(stored).toContain('notIssuedBeforeMs');
        expect(stored).toContain('refusedIssuedAtMs');
        const all = [stored, ...worker.lines].join('\n');
        expect(tickets.issuedTokens().length).toBeGreaterThan(1);
        for (const token of tickets.issuedTokens()) expect(all).not.toContain(token);
      },
      { withWorker: false, guarantee: 'none' },
    ),
  },
});

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { changesBody, refuses } from './behaviours.ts';
import { expectExactlyOne } from './order-assertions.ts';
import { createScriptedEnvironment, type ScriptedEnvironment } from './order-environment.ts';
import { resultOf } from './workflow-endings.ts';

// Tokens belong to no order, so one order runs at a time and each test can count its tokens.
let environment: ScriptedEnvironment;
beforeAll(async () => {
  environment = await createScriptedEnvironment('deadline');
});
afterAll(() => environment.close());

describe('a token', () => {
  test('that is refused again and again is replaced each time, without a limit', async () => {
    const { tickets, run } = environment;
    const orderId = environment.orderId('refused');
    tickets.script('reservation', orderId, refuses(401, 'TOKEN_EXPIRED'));
    tickets.script('list', orderId, ...Array(5).fill(refuses(401, 'TOKEN_EXPIRED')));
    tickets.script('vault', orderId, ...Array(4).fill(refuses(401, 'TOKEN_EXPIRED')));
    const ending = await run(orderId);
    expectExactlyOne(tickets, orderId, ending);
    expect(tickets.calls('create', orderId)).toHaveLength(1);
    expect(tickets.calls('token', '')).toHaveLength(8);
  });

  test('that is refused on create leaves the outcome unknown, and is replaced', async () => {
    const { tickets, run } = environment;
    const orderId = environment.orderId('refused-on-create');
    tickets.script('create', orderId, refuses(401, 'TOKEN_EXPIRED'));
    const ending = await run(orderId);
    expectExactlyOne(tickets, orderId, ending);
    const [first, second] = tickets.calls('create', orderId).map(({ headers }) => headers.authorization);
    expect(second).not.toBe(first);
  });

  test('that is refused on a void is replaced', async () => {
    const { tickets, run } = environment;
    const orderId = environment.orderId('refused-on-void');
    tickets.addTicket(orderId, { createdAt: '2026-01-01T00:00:00.000Z' });
    tickets.addTicket(orderId);
    tickets.script('void', orderId, refuses(401, 'TOKEN_EXPIRED'));
    expectExactlyOne(tickets, orderId, await run(orderId));
  });

  test('that expires before the deadline of a create is renewed before the create is sent', async () => {
    const { tickets, run } = environment;
    const orderId = environment.orderId('renewed');
    const before = tickets.calls('token', '').length;
    // Valid for long enough to check, but not to create.
    tickets.script(
      'token',
      '',
      changesBody((token) => ({ ...token, expiresAt: new Date(Date.now() + 1_400).toISOString() })),
    );
    const ending = await run(orderId);
    expectExactlyOne(tickets, orderId, ending);
    expect(resultOf(ending).createAttempts).toBe(1);
    expect(tickets.calls('token', '').length - before).toBe(2);
    const [check] = tickets.calls('list', orderId);
    const [create] = tickets.calls('create', orderId);
    expect(create?.headers.authorization).not.toBe(check?.headers.authorization);
  });

  test('is requested again after refusals, and may have its expiry as a number', async () => {
    const { tickets, run } = environment;
    const orderId = environment.orderId('numbers');
    tickets.script(
      'token',
      '',
      refuses(401, 'UNAUTHORIZED'),
      changesBody((token) => ({ ...token, token: 'not allowed\nin a header' })),
      refuses(429, 'TOO_MANY_REQUESTS', { 'retry-after': '1' }),
      changesBody((token) => ({ ...token, expiresAt: Date.parse(String(token.expiresAt)) })),
    );
    const before = tickets.calls('token', '').length;
    expectExactlyOne(tickets, orderId, await run(orderId));
    const [, , limited, next] = tickets.calls('token', '').slice(before);
    expect((next?.atMs ?? 0) - (limited?.atMs ?? 0)).toBeGreaterThanOrEqual(1_000);
  });

  test('that expires in the middle of an order is renewed', async () => {
    const { tickets, run } = environment;
    const orderId = environment.orderId('short-lived');
    tickets.setTokenTtlMs(300);
    tickets.script('create', orderId, refuses(503, 'SHUTTING_DOWN'));
    const ending = await run(orderId);
    tickets.setTokenTtlMs(60_000);
    expectExactlyOne(tickets, orderId, ending);
    expect(tickets.calls('create', orderId)).toHaveLength(2);
  });
});

import { afterEach, describe, expect, it } from '@jest/globals';
import { deadlineIn, startTicketSystem, type TicketSystemUnderTest, until } from './ticket-system.fixture.ts';

let system: TicketSystemUnderTest;
afterEach(() => system.stop());

const withKey = () => ({ ...deadlineIn(30_000), 'idempotency-key': 'order-1/0' });

/** A ticket system that accepts every create, and finishes it when `finish` is called. */
async function startAccepting(options: Parameters<typeof startTicketSystem>[0] = {}, delayMs = 1_000) {
  const waiting: (() => void)[] = [];
  const sleep = () => new Promise<void>((resolve) => waiting.push(resolve));
  system = await startTicketSystem({ sleep, ...options });
  const reservationId = await system.reserve('order-1');
  system.fault({ point: 'create.late-commit', kind: 'accept-later', delayMs });
  return {
    reservationId,
    async finish() {
      for (const resolve of waiting.splice(0)) resolve();
      await until(async () => (await system.audit()).inFlight === 0);
    },
    tickets: async () => (await system.list('order-1')).tickets,
  };
}

describe.each(['none', 'deadline', 'idempotency-key'] as const)('an accepted create with guarantee %s', (guarantee) => {
  it('is answered with its operation, counts as in flight, and has its ticket once it is finished', async () => {
    const { reservationId, finish, tickets } = await startAccepting({ guarantee });
    const response = await system.create('order-1', reservationId, withKey());
    expect([response.statusCode, response.json()]).toEqual([
      202,
      { operationId: expect.stringMatching(/^OPERATION-/), readyAt: expect.stringMatching(/Z$/) },
    ]);
    expect(await tickets()).toEqual([]);
    expect(await system.audit()).toMatchObject({ sends: 1, commits: 0, inFlight: 1 });
    await finish();
    expect(await tickets()).toHaveLength(1);
    expect(await system.audit()).toMatchObject({ exactlyOne: 1, sends: 1, commits: 1 });
  });
});

describe.each(['deadline', 'idempotency-key'] as const)('with guarantee %s, a create', (guarantee) => {
  it('is not accepted after its deadline', async () => {
    const { reservationId } = await startAccepting({ guarantee });
    const response = await system.create('order-1', reservationId, { ...withKey(), ...deadlineIn(-1) });
    expect([response.statusCode, response.json().code]).toEqual([408, 'DEADLINE_PASSED']);
  });

  it.each([
    ['is finished up to ACCEPT_WITHIN_MS after its deadline', 2_000, 1],
    ['is dropped later than that', 2_001, 0],
  ])('that was accepted %s', async (_, afterDeadlineMs, ticketsThen) => {
    let nowMs = Date.now();
    const options = { guarantee, acceptWithinMs: 2_000, nowMs: () => nowMs };
    const { reservationId, finish, tickets } = await startAccepting(options);
    const headers = { ...withKey(), 'request-deadline': String(nowMs + 1_000) };
    expect((await system.create('order-1', reservationId, headers)).statusCode).toBe(202);
    nowMs += 1_000 + afterDeadlineMs;
    await finish();
    expect(await tickets()).toHaveLength(ticketsThen);
  });
});

describe('with guarantee idempotency-key, the key of an accepted create', () => {
  it('is in flight until the create is finished, and gives the same ticket afterwards', async () => {
    const { reservationId, finish, tickets } = await startAccepting({ guarantee: 'idempotency-key' });
    await system.create('order-1', reservationId, withKey());
    const meanwhile = await system.create('order-1', reservationId, withKey());
    expect([meanwhile.statusCode, meanwhile.json().code]).toEqual([409, 'IDEMPOTENCY_KEY_IN_FLIGHT']);
    await finish();
    const afterwards = await system.create('order-1', reservationId, withKey());
    expect([afterwards.statusCode, afterwards.json().ticketId]).toEqual([201, (await tickets())[0].ticketId]);
  });
});

it('a stop finishes what was accepted', async () => {
  const { reservationId, finish } = await startAccepting();
  await system.create('order-1', reservationId);
  const closed = system.app.close();
  void finish().catch(() => undefined);
  await closed;
  system = await startTicketSystem({ databaseDir: system.databaseDir });
  expect((await system.list('order-1')).tickets).toHaveLength(1);
});

import { afterEach, describe, expect, it } from '@jest/globals';
import { deadlineIn, startTicketSystem, type TicketSystemUnderTest, until } from './ticket-system.fixture.ts';

let system: TicketSystemUnderTest;
afterEach(() => system.stop());

const withKey = (key: string) => ({ ...deadlineIn(5_000), 'idempotency-key': key });

describe('a create with guarantee none', () => {
  it('creates a ticket for every call, whatever its key and its deadline', async () => {
    system = await startTicketSystem();
    const reservationId = await system.reserve('order-1');
    for (let call = 0; call < 3; call += 1) {
      const headers = { 'idempotency-key': 'order-1/0', 'request-deadline': '1' };
      expect((await system.create('order-1', reservationId, headers)).statusCode).toBe(201);
    }
    expect((await system.list('order-1')).tickets).toHaveLength(3);
    expect(await system.audit()).toMatchObject({ orders: 1, duplicates: 1, sends: 3, commits: 3 });
  });
});

describe.each(['deadline', 'idempotency-key'] as const)('a create with guarantee %s', (guarantee) => {
  it('creates no ticket after its deadline', async () => {
    system = await startTicketSystem({ guarantee });
    const reservationId = await system.reserve('order-1');
    const response = await system.create('order-1', reservationId, { ...withKey('k'), ...deadlineIn(-1) });
    expect([response.statusCode, response.json().code]).toEqual([408, 'DEADLINE_PASSED']);
    expect((await system.list('order-1')).tickets).toEqual([]);
  });

  it('creates no ticket if the deadline passes before it has the lock', async () => {
    let nowMs = Date.now();
    const sleep = async (ms: number) => {
      nowMs += ms;
    };
    system = await startTicketSystem({ guarantee, nowMs: () => nowMs, sleep });
    const reservationId = await system.reserve('order-1');
    system.fault({ point: 'create.late-commit', kind: 'delay', delayMs: 1_001 });
    const headers = { 'idempotency-key': 'k', 'request-deadline': String(nowMs + 1_000) };
    expect((await system.create('order-1', reservationId, headers)).statusCode).toBe(408);
    expect((await system.list('order-1')).tickets).toEqual([]);
  });

  it('requires its headers, well-formed and not too far ahead', async () => {
    system = await startTicketSystem({ guarantee });
    const reservationId = await system.reserve('order-1');
    const codeWith = async (headers: Record<string, string>) =>
      (await system.create('order-1', reservationId, headers)).json().code;
    expect(await codeWith({ 'idempotency-key': 'k' })).toBe('INVALID_REQUEST');
    expect(await codeWith({ 'idempotency-key': 'k', 'request-deadline': 'soon' })).toBe('INVALID_REQUEST');
    expect(await codeWith({ 'idempotency-key': 'k', ...deadlineIn(70_000) })).toBe('DEADLINE_TOO_FAR');
    expect(await codeWith({ 'idempotency-key': 'VISA-1234-5678-9012-2526', ...deadlineIn(5_000) })).toBe(
      'INVALID_REQUEST',
    );
    if (guarantee === 'idempotency-key') expect(await codeWith(deadlineIn(5_000))).toBe('INVALID_REQUEST');
  });
});

describe('a create with guarantee idempotency-key', () => {
  it('gets the same response for the same key, also after a void, a restart and its deadline', async () => {
    system = await startTicketSystem({ guarantee: 'idempotency-key' });
    const reservationId = await system.reserve('order-1');
    const first = await system.create('order-1', reservationId, withKey('order-1/0'));
    await system.voidTicket('order-1', first.json().ticketId, null, deadlineIn(5_000));
    await system.app.close();
    system = await startTicketSystem({ databaseDir: system.databaseDir });
    const headers = { ...withKey('order-1/0'), ...deadlineIn(-1) };
    const again = await system.create('order-1', reservationId, headers);
    expect([again.statusCode, again.body]).toEqual([201, first.body]);
    expect((await system.list('order-1')).tickets).toHaveLength(1);
  });

  it('creates another ticket for another key', async () => {
    system = await startTicketSystem({ guarantee: 'idempotency-key' });
    const reservationId = await system.reserve('order-1');
    await system.create('order-1', reservationId, withKey('order-1/0'));
    await system.create('order-1', reservationId, withKey('order-1/1'));
    expect((await system.list('order-1')).tickets).toHaveLength(2);
  });

  it('refuses a key that was used with another card', async () => {
    system = await startTicketSystem({ guarantee: 'idempotency-key' });
    const reservationId = await system.reserve('order-1');
    await system.create('order-1', reservationId, withKey('order-1/0'));
    const body = { reservationId, paymentInfo: 'VISA-1234-5678-9012-9999' };
    const response = await system.post('/orders/order-1/tickets', body, withKey('order-1/0'));
    expect([response.statusCode, response.json().code]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED']);
  });

  it('refuses a key whose first request is still in progress, and creates one ticket', async () => {
    let finish: () => void = () => undefined;
    const sleep = () => new Promise<void>((resolve) => (finish = resolve));
    system = await startTicketSystem({ guarantee: 'idempotency-key', sleep });
    const reservationId = await system.reserve('order-1');
    system.fault({ point: 'create.late-commit', kind: 'delay' });
    const first = system.create('order-1', reservationId, withKey('order-1/0'));
    await until(async () => (await system.audit()).inFlight === 1);
    const second = await system.create('order-1', reservationId, withKey('order-1/0'));
    expect([second.statusCode, second.json().code]).toEqual([409, 'IDEMPOTENCY_KEY_IN_FLIGHT']);
    finish();
    expect((await first).statusCode).toBe(201);
    system.fault();
    expect((await system.create('order-1', reservationId, withKey('order-1/0'))).body).toBe((await first).body);
    expect((await system.list('order-1')).tickets).toHaveLength(1);
  });

  it('creates one ticket for twenty concurrent requests with one key', async () => {
    system = await startTicketSystem({ guarantee: 'idempotency-key' });
    const reservationId = await system.reserve('order-1');
    const responses = await Promise.all(
      Array.from({ length: 20 }, () => system.create('order-1', reservationId, withKey('order-1/0'))),
    );
    expect(new Set(responses.map(({ statusCode }) => statusCode))).toEqual(new Set([201, 409]));
    expect((await system.list('order-1')).tickets).toHaveLength(1);
  });
});

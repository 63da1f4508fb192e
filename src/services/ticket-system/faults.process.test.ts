import http from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { FaultKind } from '../faults/fault-rules.ts';
import { TICKET_SYSTEM_POINTS } from '../faults/ticket-system-faults.ts';
import { auditDatabase } from './audit.ts';
import { CARD, deadlineIn, startTicketSystem, type TicketSystemUnderTest, until } from './ticket-system.fixture.ts';

let system: TicketSystemUnderTest;
afterEach(() => system.stop());

/** Sends a create over a real connection. `outcome` is the status of the response or the code of the error. */
async function sendCreate(reservationId: string) {
  const address = await system.app.listen({ host: '127.0.0.1', port: 0 });
  const headers = { authorization: system.authorization, 'content-type': 'application/json' };
  const request = http.request(`${address}/orders/order-1/tickets`, { method: 'POST', headers });
  const outcome = new Promise<string>((resolve) => {
    request.on('response', ({ statusCode }) => resolve(String(statusCode)));
    request.on('error', (error) => resolve('code' in error ? String(error.code) : error.message));
  });
  request.end(JSON.stringify({ reservationId, paymentInfo: CARD }));
  return { request, outcome };
}

const commits = async (): Promise<number> => (await system.audit()).commits;

describe('a fault', () => {
  it.each([
    ['error-500', 500, 'INTERNAL_ERROR'],
    ['error-429', 429, 'TOO_MANY_REQUESTS'],
    ['error-4xx', 422, 'PAYMENT_DECLINED'],
    ['disk-full', 507, 'DISK_FULL'],
    ['too-many-files', 503, 'TOO_MANY_FILES'],
  ] as const)(
    '%s responds with %d, without a ticket before the commit and with one after it',
    async (kind, status, code) => {
      system = await startTicketSystem();
      const reservationId = await system.reserve('order-1');
      for (const [point, ticketsThen] of [
        ['create.before-commit', 0],
        ['create.after-commit', 1],
      ] as const) {
        system.fault({ point, kind });
        const response = await system.create('order-1', reservationId);
        expect([response.statusCode, response.json().code]).toEqual([status, code]);
        system.fault();
        expect((await system.list('order-1')).tickets).toHaveLength(ticketsThen);
      }
    },
  );

  it('of the disk after a commit leaves the commit in the ledger', async () => {
    system = await startTicketSystem();
    const reservationId = await system.reserve('order-1');
    system.fault({ point: 'create.after-commit', kind: 'disk-full' });
    await system.create('order-1', reservationId);
    expect((await auditDatabase(system.databaseDir)).problems).toEqual([]);
  });

  it.each(['create.before-commit', 'create.after-commit'] as const)('resets the connection at %s', async (point) => {
    system = await startTicketSystem();
    const reservationId = await system.reserve('order-1');
    system.fault({ point, kind: 'connection-reset' });
    const { outcome } = await sendCreate(reservationId);
    expect(await outcome).toBe('ECONNRESET');
    expect(await commits()).toBe(point === 'create.after-commit' ? 1 : 0);
  });

  it('of kind timeout never responds, and does not delay a stop', async () => {
    system = await startTicketSystem();
    const reservationId = await system.reserve('order-1');
    system.fault({ point: 'create.after-commit', kind: 'timeout' });
    const { outcome } = await sendCreate(reservationId);
    await until(async () => (await commits()) === 1);
    await system.app.close();
    expect(await outcome).toBe('ECONNRESET');
  });

  it('of kind malformed-json spoils the response and nothing else', async () => {
    system = await startTicketSystem();
    const reservationId = await system.reserve('order-1');
    system.fault({ point: 'create.after-commit', kind: 'malformed-json' });
    const response = await system.create('order-1', reservationId);
    expect(response.statusCode).toBe(201);
    expect(response.headers['content-type']).toContain('application/json');
    expect(() => response.json()).toThrow(SyntaxError);
    expect(await commits()).toBe(1);
  });

  it('of kind stale-read responds with an older state and its older time', async () => {
    system = await startTicketSystem();
    const reservationId = await system.reserve('order-1');
    const { createdAt, ticketId } = (await system.create('order-1', reservationId)).json();
    system.fault({ point: 'validate', kind: 'stale-read', delayMs: 0 });
    const before = await system.list('order-1');
    expect(before.tickets).toEqual([]);
    expect(before.asOf < createdAt).toBe(true);
    system.fault();
    await until(async () => (await system.list('order-1')).asOf > createdAt);
    await system.voidTicket('order-1', ticketId, null, deadlineIn(5_000));
    system.fault({ point: 'validate', kind: 'stale-read', delayMs: 0 });
    expect((await system.list('order-1')).tickets).toMatchObject([{ ticketId, voided: false }]);
  });

  it('of kind late-commit commits a create long after its client has gone, and counts it as in flight until then', async () => {
    let finish: (() => void) | undefined;
    const sleep = () => new Promise<void>((resolve) => (finish = resolve));
    system = await startTicketSystem({ sleep });
    const reservationId = await system.reserve('order-1');
    system.fault({ point: 'create.late-commit', kind: 'delay' });
    const { request, outcome } = await sendCreate(reservationId);
    await until(() => finish !== undefined);
    request.destroy();
    await outcome;
    expect(await system.audit()).toMatchObject({ inFlight: 1, sends: 1, commits: 0 });
    finish?.();
    await until(async () => (await system.audit()).inFlight === 0);
    expect(await commits()).toBe(1);
  });

  it('of kind late-commit delays a stop until the create has committed, although its client has gone', async () => {
    let finish: (() => void) | undefined;
    const sleep = () => new Promise<void>((resolve) => (finish = resolve));
    system = await startTicketSystem({ sleep });
    const reservationId = await system.reserve('order-1');
    system.fault({ point: 'create.late-commit', kind: 'delay' });
    const { request, outcome } = await sendCreate(reservationId);
    await until(() => finish !== undefined);
    request.destroy();
    await outcome;
    const stopped = system.app.close().then(() => 'stopped');
    expect(await Promise.race([stopped, wait(200, 'waiting')])).toBe('waiting');
    finish?.();
    await stopped;
    const { counts, problems } = await auditDatabase(system.databaseDir);
    expect([counts.commits, problems]).toEqual([1, []]);
  });

  it('affects neither the operator’s routes nor the documents', async () => {
    system = await startTicketSystem();
    system.fault(
      ...(['token', 'reservation', 'vault', 'validate', 'void'] as const).map((point) => ({
        point,
        kind: 'error-500' as const,
      })),
    );
    for (const url of ['/health', '/audit', '/audit/orders/order-1', '/faults', '/openapi.json', '/docs']) {
      expect((await system.app.inject(url)).statusCode).toBe(200);
    }
    expect((await system.get('/orders/order-1/tickets')).statusCode).toBe(500);
    expect((await system.app.inject({ method: 'POST', url: '/tokens' })).statusCode).toBe(500);
  });
});

describe('the fault plan', () => {
  const put = (payload: object) => system.app.inject({ method: 'PUT', url: '/faults', payload });

  it('is shown with its rules, and can be changed while the service runs', async () => {
    system = await startTicketSystem();
    expect((await system.app.inject('/faults')).json()).toEqual({ seed: 1, preset: 'calm', rules: [] });
    const rules = [{ point: 'validate', kind: 'error-500', probability: 1 }];
    expect((await put({ seed: 2, rules })).json()).toEqual({ seed: 2, rules });
    expect((await system.get('/orders/order-1/tickets')).statusCode).toBe(500);
    expect((await put({ seed: 2, preset: 'calm' })).statusCode).toBe(200);
    expect((await system.get('/orders/order-1/tickets')).statusCode).toBe(200);
  });

  it.each([
    ['an unknown preset', { seed: 1, preset: 'wild' }, 'calm, rare, more-likely'],
    ['both a preset and rules', { seed: 1, preset: 'calm', rules: [] }, 'must match'],
    ['neither preset nor rules', { seed: 1 }, 'rules'],
    ['an unknown point', { seed: 1, rules: [{ point: 'x', kind: 'delay', probability: 1 }] }, 'token, reservation'],
    ['an unknown kind', { seed: 1, rules: [{ point: 'void', kind: 'x', probability: 1 }] }, 'error-500'],
    ['a probability above 1', { seed: 1, rules: [{ point: 'void', kind: 'delay', probability: 2 }] }, '<= 1'],
    ['a seed that is text', { seed: '1', preset: 'calm' }, 'integer'],
  ])('refuses %s and says what is allowed', async (_, body, said) => {
    system = await startTicketSystem();
    const response = await put(body);
    expect(response.statusCode).toBe(400);
    expect(response.json().code).toBe('INVALID_REQUEST');
    expect(response.json().error).toContain(said);
  });

  it('refuses a kind that its point does not have, and accepts every kind that it has', async () => {
    system = await startTicketSystem();
    const kinds: FaultKind[] = ['stale-read', 'error-500', 'delay', 'disk-full'];
    for (const [point, possible] of Object.entries(TICKET_SYSTEM_POINTS)) {
      const allowed: readonly string[] = possible;
      for (const kind of kinds) {
        const { statusCode } = await put({ seed: 1, rules: [{ point, kind, probability: 0.5 }] });
        expect([point, kind, statusCode]).toEqual([point, kind, allowed.includes(kind) ? 200 : 400]);
      }
    }
  });
});

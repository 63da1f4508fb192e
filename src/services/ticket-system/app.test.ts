import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { CARD, MASKED_CARD, startTicketSystem, type TicketSystemUnderTest } from './ticket-system.fixture.ts';

let system: TicketSystemUnderTest;
afterEach(() => system.stop());

describe('the ticket system', () => {
  it('refuses all requests about orders without a token, and says that one is required', async () => {
    system = await startTicketSystem();
    for (const url of [
      '/orders/order-1/reservation',
      '/orders/order-1/tickets',
      '/payment-methods/108345-ASDFQWERTY',
    ]) {
      for (const headers of [{}, { authorization: 'Bearer nonsense' }, { authorization: 'Basic abc' }]) {
        const response = await system.app.inject({ url, headers });
        expect(response.statusCode).toBe(401);
        expect(response.json().code).toBe('UNAUTHORIZED');
        expect(response.headers['www-authenticate']).toContain('Bearer');
      }
    }
  });

  it('refuses a token that has expired, with a code of its own', async () => {
    let nowMs = Date.parse('2026-01-31T12:00:00Z');
    system = await startTicketSystem({ nowMs: () => nowMs, tokenTtlMs: 1_000 });
    nowMs += 999;
    expect((await system.get('/orders/order-1/tickets')).statusCode).toBe(200);
    nowMs += 1;
    const response = await system.get('/orders/order-1/tickets');
    expect([response.statusCode, response.json().code]).toEqual([401, 'TOKEN_EXPIRED']);
  });

  it('gives one reservation to 50 concurrent first requests, and stores it', async () => {
    system = await startTicketSystem();
    const ids = await Promise.all(Array.from({ length: 50 }, () => system.reserve('order-1')));
    expect(new Set(ids).size).toBe(1);
    expect(ids[0]).toMatch(/^\d{6}-[A-Z]{10}$/);
    const text = await readFile(join(system.databaseDir, 'reservations', 'order-1.json'), 'utf8');
    expect(JSON.parse(text)).toEqual({ orderID: 'order-1', reservationID: ids[0], guarantee: 'none' });
  });

  it('keeps the guarantee of a reservation after a restart with another guarantee', async () => {
    system = await startTicketSystem({ guarantee: 'none' });
    const reservationId = await system.reserve('order-1');
    await system.app.close();
    system = await startTicketSystem({ guarantee: 'deadline', databaseDir: system.databaseDir });
    const { guarantee } = (await system.get('/orders/order-1/reservation')).json();
    expect(guarantee).toBe('none');
    expect((await system.create('order-1', reservationId)).statusCode).toBe(201);
  });

  it('reads the same card from both sources of the vault, and stores it nowhere', async () => {
    system = await startTicketSystem();
    const primary = await system.get('/payment-methods/108345-ASDFQWERTY?source=primary');
    const backup = await system.get('/payment-methods/108345-ASDFQWERTY?source=backup');
    expect(primary.json().paymentInfo).toMatch(/^VISA(-\d{4}){4}$/);
    expect(backup.body).toBe(primary.body);
    expect((await system.get('/payment-methods/nonsense')).statusCode).toBe(400);
    expect((await system.get('/payment-methods/108345-ASDFQWERTY?source=other')).json().error).toContain(
      'primary, backup',
    );
  });

  it('returns and stores a ticket with its card number masked', async () => {
    system = await startTicketSystem();
    const reservationId = await system.reserve('order-1');
    const response = await system.create('order-1', reservationId, { 'request-id': 'run/3/1' });
    const ticket = response.json();
    expect(response.statusCode).toBe(201);
    expect(ticket).toMatchObject({ orderId: 'order-1', reservationId, paymentInfo: MASKED_CARD, voided: false });
    const folder = join(system.databaseDir, 'tickets', 'order-1');
    expect(await readdir(folder)).toEqual([`${reservationId}-${ticket.ticketId}.json`]);
    const stored = await readFile(join(folder, `${reservationId}-${ticket.ticketId}.json`), 'utf8');
    expect(JSON.parse(stored)).toEqual({
      orderID: 'order-1',
      ticketID: ticket.ticketId,
      paymentInfo: MASKED_CARD,
      reservationID: reservationId,
      createdAt: ticket.createdAt,
      requestID: 'run/3/1',
    });
    const list = await system.list('order-1');
    expect(list.tickets).toEqual([ticket]);
    expect(list.asOf >= ticket.createdAt).toBe(true);
  });

  it('returns an empty list for an order without tickets', async () => {
    system = await startTicketSystem();
    expect((await system.list('order-1')).tickets).toEqual([]);
  });

  it('refuses a create with a reservation that is not the order’s', async () => {
    system = await startTicketSystem();
    const other = await system.reserve('order-2');
    for (const reservationId of [other, '000000-AAAAAAAAAA']) {
      const response = await system.create('order-1', reservationId);
      expect([response.statusCode, response.json().code]).toEqual([404, 'RESERVATION_UNKNOWN']);
    }
  });

  it('never responds with a time before its newest record, whatever the wall clock says', async () => {
    let nowMs = Date.parse('2026-01-31T12:00:00Z');
    system = await startTicketSystem({ nowMs: () => nowMs });
    const reservationId = await system.reserve('order-1');
    const { createdAt } = (await system.create('order-1', reservationId)).json();
    await system.app.close();
    nowMs -= 3_600_000;
    system = await startTicketSystem({ nowMs: () => nowMs, databaseDir: system.databaseDir });
    expect((await system.list('order-2')).asOf).toBe(createdAt);
    expect((await system.list('order-1')).asOf).toBe(createdAt);
  });

  it.each([
    ['an unknown property', { reservationId: 'x', paymentInfo: CARD, more: 1 }],
    ['a mistyped value', { reservationId: 1, paymentInfo: CARD }],
    ['a missing property', { paymentInfo: CARD }],
    ['an invalid card', { reservationId: 'x', paymentInfo: MASKED_CARD }],
  ])('refuses a body with %s', async (_, body) => {
    system = await startTicketSystem();
    const response = await system.post('/orders/order-1/tickets', body);
    expect([response.statusCode, response.json().code]).toEqual([400, 'INVALID_REQUEST']);
    expect(response.json()).toEqual({ error: expect.any(String), code: expect.any(String) });
  });

  it.each([
    ['GET', '/nothing', 404, 'NOT_FOUND'],
    ['GET', '/orders/-bad/tickets', 400, 'INVALID_REQUEST'],
    ['GET', `/orders/${'a'.repeat(200)}/tickets`, 400, 'INVALID_REQUEST'],
    ['GET', '/orders/order-1/tickets?more=1', 400, 'INVALID_REQUEST'],
    ['GET', '/orders/%zz/tickets', 400, 'INVALID_REQUEST'],
    ['DELETE', '/orders/order-1/tickets', 405, 'METHOD_NOT_ALLOWED'],
    ['PATCH', '/audit', 405, 'METHOD_NOT_ALLOWED'],
  ] as const)('responds to %s %s with %d in the shape of all errors', async (method, url, status, code) => {
    system = await startTicketSystem();
    const response = await system.app.inject({ method, url, headers: { authorization: system.authorization } });
    expect([response.statusCode, response.json().code]).toEqual([status, code]);
    expect(typeof response.json().error).toBe('string');
    if (status === 405) expect(response.headers.allow).toMatch(/^GET, HEAD(, POST)?$/);
  });

  it.each([
    ['application/json', '{"keep":', 400, 'INVALID_JSON'],
    ['application/json', '', 400, 'INVALID_JSON'],
    ['text/plain', '{"keep":null}', 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['application/json', JSON.stringify({ keep: 'x'.repeat(70_000) }), 413, 'BODY_TOO_LARGE'],
  ])(
    'responds to a body of type %s that it does not accept in the shape of all errors',
    async (type, payload, status, code) => {
      system = await startTicketSystem();
      const headers = { authorization: system.authorization, 'content-type': type };
      const url = '/orders/order-1/tickets/TICKET-1/void';
      const response = await system.app.inject({ method: 'POST', url, headers, payload });
      expect([response.statusCode, response.json().code]).toEqual([status, code]);
    },
  );

  it('responds with 500 and names the file if something in the folder of an order is not a ticket', async () => {
    system = await startTicketSystem();
    const folder = join(system.databaseDir, 'tickets', 'order-1');
    await mkdir(folder);
    await writeFile(join(folder, '.108345-ASDFQWERTY-TICKET-1.json.tmp'), '{');
    expect((await system.list('order-1')).tickets).toEqual([]);
    await writeFile(join(folder, '108345-ASDFQWERTY-TICKET-1.json'), '{"orderID":');
    const response = await system.get('/orders/order-1/tickets');
    expect([response.statusCode, response.json().code]).toEqual([500, 'DATABASE_DAMAGED']);
    expect(response.json().error).toContain('tickets/order-1/108345-ASDFQWERTY-TICKET-1.json');
    expect(response.body).not.toContain(system.databaseDir);
    expect((await system.get('/orders/order-2/tickets')).statusCode).toBe(200);
  });

  it('refuses a wrong method before it checks the token and the body', async () => {
    system = await startTicketSystem();
    const headers = { 'content-type': 'text/plain' };
    const response = await system.app.inject({ method: 'PUT', url: '/orders/order-1/tickets', headers, payload: 'x' });
    expect([response.statusCode, response.json().code]).toEqual([405, 'METHOD_NOT_ALLOWED']);
  });

  it('documents all its routes', async () => {
    system = await startTicketSystem();
    const { paths } = (await system.app.inject('/openapi.json')).json();
    expect(Object.keys(paths).sort()).toEqual([
      '/audit',
      '/audit/orders/{orderId}',
      '/faults',
      '/health',
      '/orders/{orderId}/reservation',
      '/orders/{orderId}/tickets',
      '/orders/{orderId}/tickets/{ticketId}/void',
      '/payment-methods/{reservationId}',
      '/tokens',
    ]);
    expect((await system.app.inject('/docs')).statusCode).toBe(200);
  });
});

describe('on a disk that ignores case, where the files of another order have the same names', () => {
  it('an order is refused with the reason, and the other order is not affected', async () => {
    system = await startTicketSystem();
    const reservationId = await system.reserve('order-1');
    await system.create('order-1', reservationId);
    const inDatabase = (...names: readonly string[]) => join(system.databaseDir, ...names);
    await cp(inDatabase('reservations', 'order-1.json'), inDatabase('reservations', 'Order-1.json'));
    await cp(inDatabase('tickets', 'order-1'), inDatabase('tickets', 'Order-1'), { recursive: true });
    for (const response of [
      await system.get('/orders/Order-1/reservation'),
      await system.get('/orders/Order-1/tickets'),
      await system.create('Order-1', reservationId),
    ]) {
      expect([response.statusCode, response.json().code]).toEqual([409, 'ORDER_ID_TAKEN']);
      expect(response.json().error).toContain('cannot tell Order-1 from the order order-1: use another order id');
    }
    expect((await system.list('order-1')).tickets).toHaveLength(1);
  });
});

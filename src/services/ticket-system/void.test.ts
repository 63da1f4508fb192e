import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { deadlineIn, startTicketSystem, type TicketSystemUnderTest } from './ticket-system.fixture.ts';

let system: TicketSystemUnderTest;
let first: string;
let second: string;
beforeEach(async () => {
  system = await startTicketSystem();
  const reservationId = await system.reserve('order-1');
  first = (await system.create('order-1', reservationId)).json().ticketId;
  second = (await system.create('order-1', reservationId)).json().ticketId;
});
afterEach(() => system.stop());

describe('a void', () => {
  it('takes a surplus ticket out of circulation, visibly, and gets the same response when it is repeated', async () => {
    const response = await system.voidTicket('order-1', second, first);
    expect(response.statusCode).toBe(200);
    expect(response.json()).toMatchObject({ ticketId: second, voided: true });
    expect((await system.voidTicket('order-1', second, first)).body).toBe(response.body);
    const { tickets } = await system.list('order-1');
    const voided = Object.fromEntries(
      tickets.map((one: { ticketId: string; voided: boolean }) => [one.ticketId, one.voided]),
    );
    expect(voided).toEqual({ [first]: false, [second]: true });
    expect(await readdir(join(system.databaseDir, 'tickets', 'order-1'))).toHaveLength(3);
    expect(await system.audit()).toMatchObject({ exactlyOne: 1, duplicates: 0, voided: 1, commits: 2 });
  });

  it('is refused if its keeper is unknown, voided or the ticket itself', async () => {
    for (const keep of ['TICKET-NONE', second]) {
      const response = await system.voidTicket('order-1', second, keep);
      expect([response.statusCode, response.json().code]).toEqual([409, 'KEEPER_NOT_LIVE']);
    }
    await system.voidTicket('order-1', second, first);
    expect((await system.voidTicket('order-1', first, second)).statusCode).toBe(409);
  });

  it('of an unknown ticket is refused', async () => {
    const response = await system.voidTicket('order-1', 'TICKET-NONE', first);
    expect([response.statusCode, response.json().code]).toEqual([404, 'TICKET_UNKNOWN']);
  });

  it('leaves one ticket live if two voids that name each other as keeper race', async () => {
    const responses = await Promise.all([
      system.voidTicket('order-1', first, second),
      system.voidTicket('order-1', second, first),
    ]);
    expect(responses.map(({ statusCode }) => statusCode).sort()).toEqual([200, 409]);
    expect(await system.audit()).toMatchObject({ exactlyOne: 1, voided: 1 });
  });

  it('of a cancellation needs a deadline, and is refused after it', async () => {
    expect((await system.voidTicket('order-1', first, null)).json().code).toBe('INVALID_REQUEST');
    expect((await system.voidTicket('order-1', first, null, deadlineIn(70_000))).json().code).toBe('DEADLINE_TOO_FAR');
    expect((await system.voidTicket('order-1', first, null, deadlineIn(-1))).json().code).toBe('DEADLINE_PASSED');
    expect((await system.voidTicket('order-1', first, null, deadlineIn(5_000))).statusCode).toBe(200);
    expect((await system.voidTicket('order-1', second, null, deadlineIn(5_000))).statusCode).toBe(200);
    expect(await system.audit()).toMatchObject({ exactlyOne: 0, missing: 1, voided: 2 });
  });
});

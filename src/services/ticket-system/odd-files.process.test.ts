import { mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openLocked } from '../../platform/files/open-locked.ts';
import { ODD_FILES, openToOthers } from '../storage/odd-files.fixture.ts';
import { auditDatabase } from './audit.ts';
import { deadlineIn, startTicketSystem, type TicketSystemUnderTest } from './ticket-system.fixture.ts';

let parent: string;
let databaseDir: string;
let system: TicketSystemUnderTest | undefined;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'odd-files-'));
  databaseDir = join(parent, 'database');
  await mkdir(databaseDir);
});
afterEach(async () => {
  await system?.stop();
  system = undefined;
  await rm(parent, { recursive: true });
});

async function start(): Promise<TicketSystemUnderTest> {
  system = await startTicketSystem({ databaseDir });
  return system;
}

const inDatabase = (...names: readonly string[]) => join(databaseDir, ...names);

async function startWithTicket() {
  const started = await start();
  const reservationId = await started.reserve('order-1');
  const { ticketId } = (await started.create('order-1', reservationId)).json();
  return { ...started, reservationId, ticketFile: `${reservationId}-${ticketId}.json`, ticketId };
}

describe.each(ODD_FILES)('%s in the database of the ticket system', (found, make) => {
  it('in the place of a reservation is damage, and does not stop other orders', async () => {
    const { get, reserve } = await start();
    const orderIds = Array.from({ length: 6 }, (_, index) => `odd-${index}`);
    for (const orderId of orderIds) await make(inDatabase('reservations', `${orderId}.json`));
    for (const orderId of orderIds) {
      const response = await get(`/orders/${orderId}/reservation`);
      expect([response.statusCode, response.json().code]).toEqual([500, 'DATABASE_DAMAGED']);
      expect(response.json().error).toContain(`reservations/${orderId}.json: it is ${found}`);
    }
    expect(await reserve('order-1')).toMatch(/^\d/);
    const { problems } = await auditDatabase(databaseDir);
    expect(problems).toContain(`reservations/odd-0.json: it cannot be read (it is ${found})`);
  });

  it('in the place of a ticket is damage', async () => {
    const { list, ticketFile } = await startWithTicket();
    await rename(inDatabase('tickets', 'order-1', ticketFile), join(parent, 'ticket'));
    await make(inDatabase('tickets', 'order-1', ticketFile));
    expect(await list('order-1')).toMatchObject({ code: 'DATABASE_DAMAGED' });
    const { problems } = await auditDatabase(databaseDir);
    expect(problems).toContain(`tickets/order-1/${ticketFile}: it cannot be read (it is ${found})`);
  });

  it('in the place of the ledger stops the start and the audit says so', async () => {
    await make(inDatabase('ledger.jsonl'));
    await expect(start()).rejects.toThrow(`${inDatabase('ledger.jsonl')} is ${found}, not a file: move it away`);
    expect(await auditDatabase(databaseDir)).toMatchObject({
      problems: [`ledger.jsonl: it cannot be read (it is ${found})`],
    });
  });
});

describe('a symbolic link out of the database', () => {
  it('in the place of a record is not read', async () => {
    const { get, list, ticketFile } = await startWithTicket();
    for (const file of [
      ['reservations', 'order-1.json'],
      ['tickets', 'order-1', ticketFile],
    ]) {
      await rename(inDatabase(...file), join(parent, 'outside'));
      await symlink(join(parent, 'outside'), inDatabase(...file));
    }
    expect((await get('/orders/order-1/reservation')).json()).toMatchObject({ code: 'DATABASE_DAMAGED' });
    expect(await list('order-1')).toMatchObject({ code: 'DATABASE_DAMAGED' });
  });

  it('in the place of the folder of an order is neither read nor written to', async () => {
    const { list, create, reservationId } = await startWithTicket();
    const outside = join(parent, 'outside');
    await rename(inDatabase('tickets', 'order-1'), outside);
    await symlink(outside, inDatabase('tickets', 'order-1'));
    const before = await readdir(outside);
    expect(await list('order-1')).toMatchObject({
      code: 'DATABASE_DAMAGED',
      error: expect.stringContaining('tickets/order-1: it is a symbolic link'),
    });
    expect((await create('order-1', reservationId)).statusCode).toBe(500);
    expect(await readdir(outside)).toEqual(before);
    const { problems } = await auditDatabase(databaseDir);
    expect(problems).toContain('tickets/order-1: it is not a folder but a symbolic link');
  });

  it('in the place of the ledger is not written to', async () => {
    await writeFile(join(parent, 'outside'), '');
    await symlink(join(parent, 'outside'), inDatabase('ledger.jsonl'));
    await expect(start()).rejects.toThrow('is a symbolic link');
    expect(await readFile(join(parent, 'outside'), 'utf8')).toBe('');
  });
});

describe.each(['tickets', 'reservations'])('%s', (name) => {
  it.each([
    ['a file', (path: string) => writeFile(path, '')],
    ['a symbolic link', (path: string) => symlink(parent, path)],
  ])('that is %s stops the start', async (found, make) => {
    await make(inDatabase(name));
    await expect(start()).rejects.toThrow(`${inDatabase(name)} is ${found}, not a folder: move it away`);
  });
});

it('a second ticket system is refused, even if someone has removed the lock file of the first', async () => {
  system = await startTicketSystem({ databaseDir, openLocked });
  await rm(inDatabase('.ticket-system.lock'));
  await expect(startTicketSystem({ databaseDir, openLocked })).rejects.toThrow(
    `${inDatabase('ledger.jsonl')} is used by another process`,
  );
  expect(await system.reserve('order-1')).toMatch(/^\d/);
});

describe('what the ticket system creates', () => {
  it('cannot be read by other users', async () => {
    const usual = process.umask(0);
    try {
      const { voidTicket, ticketId } = await startWithTicket();
      expect((await voidTicket('order-1', ticketId, null, deadlineIn(5_000))).statusCode).toBe(200);
      expect(await openToOthers(databaseDir)).toEqual([]);
    } finally {
      process.umask(usual);
    }
  });
});

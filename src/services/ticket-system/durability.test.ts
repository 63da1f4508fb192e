import fs from 'node:fs';
import { mkdtemp, open, readdir, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startTicketSystem, type TicketSystemUnderTest } from './ticket-system.fixture.ts';

/** A killed process loses nothing that it has written; only a power loss does. So this test watches the sync calls. */
interface Sync {
  readonly inode: number;
  readonly sizeBytes: number;
  /** All paths in the database at the time of the sync. */
  readonly paths: readonly string[];
}

let databaseDir: string;
let system: TicketSystemUnderTest;
let syncs: Sync[];
let restoreSync: () => void;

/** What is synced, and what is in the database when the sync begins. */
function record(descriptor: number): void {
  const { ino: inode, size: sizeBytes } = fs.fstatSync(descriptor);
  syncs.push({ inode, sizeBytes, paths: fs.readdirSync(databaseDir, { recursive: true, encoding: 'utf8' }) });
}

beforeAll(async () => {
  const file = await open(tmpdir());
  const prototype = Object.getPrototypeOf(file);
  await file.close();
  const { sync } = prototype;
  prototype.sync = function recorded(this: typeof file) {
    record(this.fd);
    return sync.call(this);
  };
  const { fsync } = fs;
  fs.fsync = Object.assign((descriptor: number, done: fs.NoParamCallback) => {
    record(descriptor);
    fsync(descriptor, done);
  }, fsync);
  restoreSync = () => {
    prototype.sync = sync;
    fs.fsync = fsync;
  };
});
afterAll(() => restoreSync());
beforeEach(async () => {
  syncs = [];
  databaseDir = await mkdtemp(join(tmpdir(), 'durability-'));
  system = await startTicketSystem({ databaseDir });
});
afterEach(() => system.stop());

const inDatabase = (path: string) => stat(join(databaseDir, path));

async function makeTicket(): Promise<string> {
  return (await system.create('order-1', await system.reserve('order-1'))).json().ticketId;
}

/** Whether a folder was synced while it contained this entry. */
async function isSynced(folder: string, entry: string): Promise<boolean> {
  const { ino } = await inDatabase(folder);
  return syncs.some(({ inode, paths }) => inode === ino && paths.includes(join(folder, entry)));
}

describe('before the ticket system responds', () => {
  it.each([
    ['a reservation', 1, 'reservations', () => system.reserve('order-1')],
    ['a ticket', 1, 'tickets/order-1', makeTicket],
    ['a void', 3, 'tickets/order-1', async () => system.voidTicket('order-1', await makeTicket(), await makeTicket())],
  ])('%s is written and synced, then put in its place, then its folder is synced', async (_, files, folder, make) => {
    await make();
    const names = (await readdir(join(databaseDir, folder))).filter((name) => !name.startsWith('.'));
    expect(names).toHaveLength(files);
    for (const name of names) {
      const { ino, size } = await inDatabase(join(folder, name));
      const ofFile = syncs.filter(({ inode }) => inode === ino);
      expect(ofFile).toMatchObject([{ sizeBytes: size }]);
      expect(ofFile[0]?.paths).not.toContain(join(folder, name));
      expect(await isSynced(folder, name)).toBe(true);
    }
  });

  it('reservations that are made at the same time are each synced', async () => {
    const orderIds = Array.from({ length: 20 }, (_, index) => `order-${index}`);
    const areSynced = orderIds.map(async (orderId) => {
      await system.reserve(orderId);
      return isSynced('reservations', `${orderId}.json`);
    });
    expect(await Promise.all(areSynced)).toEqual(orderIds.map(() => true));
  });

  it('the folder of an order is synced in the folder that contains it', async () => {
    await makeTicket();
    expect(await isSynced('tickets', 'order-1')).toBe(true);
  });

  it('what an earlier process put in place is synced, because that process may have died before its sync', async () => {
    await makeTicket();
    await system.app.close();
    system = await startTicketSystem({ databaseDir });
    syncs = [];
    const reservationId = await system.reserve('order-1');
    expect(await isSynced('reservations', 'order-1.json')).toBe(true);
    const [{ ticketId }] = (await system.list('order-1')).tickets;
    expect(await isSynced('tickets/order-1', `${reservationId}-${ticketId}.json`)).toBe(true);
  });

  it('what a failed create has left is synced, also in a folder that was synced before', async () => {
    await makeTicket();
    await system.list('order-1');
    system.fault({ point: 'create.after-commit', kind: 'disk-full' });
    await system.create('order-1', await system.reserve('order-1'));
    syncs = [];
    const tickets: { ticketId: string; reservationId: string }[] = (await system.list('order-1')).tickets;
    expect(tickets).toHaveLength(2);
    for (const { reservationId, ticketId } of tickets) {
      expect(await isSynced('tickets/order-1', `${reservationId}-${ticketId}.json`)).toBe(true);
    }
  });
});

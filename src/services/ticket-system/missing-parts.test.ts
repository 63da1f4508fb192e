import { mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createLogger } from '../../platform/logging/logger.ts';
import { realDisk } from '../storage/disk.ts';
import { auditDatabase } from './audit.ts';
import { deadlineIn, startTicketSystem, type TicketSystemUnderTest } from './ticket-system.fixture.ts';

const ORDER = 'order-1';
const withKey = (key: string) => ({ 'idempotency-key': key, ...deadlineIn(50_000) });
/** What can be moved away, by its path within the database folder; the empty path is the folder itself. */
const PARTS = ['', 'tickets', 'reservations', 'ledger.jsonl'];

let parent: string;
let databaseDir: string;
let system: TicketSystemUnderTest;
let reservationId: string;
let ticketId: string;
let logged: string[];

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'missing-parts-'));
  databaseDir = join(parent, 'database');
  await mkdir(databaseDir);
  logged = [];
  system = await start();
  reservationId = await system.reserve(ORDER);
  ticketId = (await system.create(ORDER, reservationId, withKey('key-1'))).json().ticketId;
});
afterEach(async () => {
  await system.app.close();
  await rm(parent, { recursive: true });
});

async function start() {
  const logger = createLogger('ticket-system', 'silent');
  const log = (...args: unknown[]) => void logged.push(String(args.at(-1)));
  const listening = Object.assign(Object.create(logger), { error: log, warn: log, child: () => listening });
  return startTicketSystem({ databaseDir, guarantee: 'idempotency-key', logger: listening });
}

const placeOf = (part: string) => join(databaseDir, part);
const away = () => join(parent, 'away');
const moveAway = (part: string) => rename(placeOf(part), away());
async function replace(part: string) {
  await moveAway(part);
  if (part.endsWith('.jsonl')) await writeFile(placeOf(part), '');
  else await mkdir(placeOf(part));
}
async function putBack(part: string) {
  await rm(placeOf(part), { recursive: true, force: true });
  await rename(away(), placeOf(part));
}

/** Every request that reads or changes the database. */
const requests: Readonly<Record<string, () => Promise<{ statusCode: number; json: () => { code?: string } }>>> = {
  'a list': () => system.get(`/orders/${ORDER}/tickets`),
  'a list of an order without tickets': () => system.get('/orders/order-2/tickets'),
  'a create': () => system.create(ORDER, reservationId, withKey('key-2')),
  'a create with a key seen before': () => system.create(ORDER, reservationId, withKey('key-1')),
  'a create with an unknown reservation': () => system.create('order-2', '000000-AAAAAAAAAA', withKey('key-1')),
  'a void': () => system.voidTicket(ORDER, ticketId, null, deadlineIn(50_000)),
  'a void of an unknown ticket': () => system.voidTicket(ORDER, 'TICKET-0', null, deadlineIn(50_000)),
  'a stored reservation': () => system.get(`/orders/${ORDER}/reservation`),
  'a new reservation': () => system.get('/orders/order-3/reservation'),
  'an audit': () => system.app.inject('/audit'),
  'an audit of one order': () => system.app.inject(`/audit/orders/${ORDER}`),
};

describe.each(PARTS)('while /%s of the database is not where it was opened', (part) => {
  it.each([
    ['moved away', moveAway],
    ['replaced by an empty one', replace],
  ])('every request is refused if it was %s, and handled once it is back', async (_, change) => {
    await change(part);
    for (const [name, send] of Object.entries(requests)) {
      const response = await send();
      expect([name, response.statusCode, response.json().code]).toEqual([name, 503, 'DATABASE_MISSING']);
    }
    expect(logged.filter((line) => line.startsWith('requests are refused: '))).toHaveLength(1);

    await putBack(part);
    const { tickets } = await system.list(ORDER);
    expect(tickets).toMatchObject([{ ticketId, voided: false }]);
    expect((await system.create(ORDER, reservationId, withKey('key-1'))).json()).toMatchObject({ ticketId });
    expect(logged.filter((line) => line.includes('back in its place'))).toHaveLength(1);
    expect((await auditDatabase(databaseDir)).problems).toEqual([]);
  });
});

it('a create whose folder is moved after its ticket is in place is not reported as committed, and is found later', async () => {
  await system.app.close();
  let isArmed = false;
  system = await startTicketSystem({
    databaseDir,
    guarantee: 'idempotency-key',
    interceptors: {
      disk: (disk) => ({
        ...disk,
        async link(from, to) {
          const creation = await realDisk.link(from, to);
          if (isArmed && to.includes(join('tickets', ORDER))) await moveAway('');
          return creation;
        },
      }),
    },
  });
  isArmed = true;
  const response = await system.create(ORDER, reservationId, withKey('key-2'));
  expect([response.statusCode, response.json().code]).toEqual([503, 'DATABASE_MISSING']);
  isArmed = false;
  await putBack('');
  expect((await system.list(ORDER)).tickets).toHaveLength(2);
  expect((await auditDatabase(databaseDir)).problems).toEqual([]);
});

it('a ticket that is found only after a restart gets its line in the ledger, once', async () => {
  await system.app.close();
  const path = placeOf('ledger.jsonl');
  const lines = (await readFile(path, 'utf8')).split('\n');
  const withoutCommit = lines.filter((line) => !line.includes('"committed"')).join('\n');
  await writeFile(path, withoutCommit);
  expect((await auditDatabase(databaseDir)).problems.join()).toContain('its commit is missing from the ledger');
  for (const _ of ['a restart', 'another one']) {
    system = await start();
    await system.list(ORDER);
    await system.list(ORDER);
    await system.app.close();
  }
  expect((await readFile(path, 'utf8')).split('\n')).toEqual(lines);
  expect((await auditDatabase(databaseDir)).problems).toEqual([]);
  system = await start();
});

it('a ticket that is older than the ledger gets no line', async () => {
  await system.app.close();
  await writeFile(placeOf('ledger.jsonl'), '');
  system = await start();
  await system.list(ORDER);
  await system.create('order-2', await system.reserve('order-2'), withKey('key-2'));
  await system.list(ORDER);
  expect(await readFile(placeOf('ledger.jsonl'), 'utf8')).not.toContain(ticketId);
});

it('a ledger that has lost lines is no proof of anything: every request is refused until a restart', async () => {
  await truncate(placeOf('ledger.jsonl'), 10);
  for (const [name, send] of Object.entries(requests)) {
    const response = await send();
    expect([name, response.statusCode, response.json().code]).toEqual([name, 503, 'DATABASE_UNSURE']);
  }
});

describe('a file that is known to exist and is not there is damage', () => {
  beforeEach(async () => {
    await system.create('order-9', await system.reserve('order-9'), withKey('key-9'));
  });
  const folderOfOrder = () => placeOf(join('tickets', ORDER));
  const ofTicket = async (ending: RegExp) => {
    const name = (await readdir(folderOfOrder())).find((each) => ending.test(each));
    return join(folderOfOrder(), name ?? '');
  };
  const expectDamaged = async (...names: string[]) => {
    for (const name of names) {
      const response = await requests[name]?.();
      expect([name, response?.statusCode, response?.json().code]).toEqual([name, 500, 'DATABASE_DAMAGED']);
    }
  };
  const aboutTickets = [
    'a list',
    'a create',
    'a create with a key seen before',
    'a void',
    'a void of an unknown ticket',
  ];

  it.each([
    ['a ticket', async () => rm(await ofTicket(/\d\.json$|[A-Z]\.json$/))],
    ['the folder of an order', () => rm(folderOfOrder(), { recursive: true })],
  ])('%s, also after a restart, because the ledger names it', async (_, remove) => {
    await system.app.close();
    await remove();
    system = await start();
    await expectDamaged(...aboutTickets);
    expect((await system.get('/orders/order-2/tickets')).json().tickets).toEqual([]);
    expect((await auditDatabase(databaseDir)).problems.join()).toContain(
      `ticket ${ticketId} was committed, but its file`,
    );
  });

  it('a ticket that is removed while the service runs', async () => {
    await rm(folderOfOrder(), { recursive: true });
    await expectDamaged(...aboutTickets);
    expect(await readdir(placeOf('tickets'))).toEqual(['order-9']);
  });

  it('a ticket that this process has read, even if the ledger does not name it', async () => {
    await system.app.close();
    await truncate(placeOf('ledger.jsonl'), 0);
    system = await start();
    await system.list(ORDER);
    await rm(folderOfOrder(), { recursive: true });
    await expectDamaged(...aboutTickets);
  });

  it('a void, also after a restart: its ticket does not become live again', async () => {
    await requests['a void']?.();
    await rm(await ofTicket(/\.void\.json$/));
    await expectDamaged('a list', 'a void');
    await system.app.close();
    system = await start();
    await expectDamaged('a list', 'a void');
    expect((await auditDatabase(databaseDir)).problems.join()).toContain('it was voided, but its void is missing');
  });

  it('a reservation: none is made in its place, and no create is rejected for lack of it', async () => {
    await rm(placeOf(join('reservations', `${ORDER}.json`)));
    await expectDamaged('a stored reservation', 'a create', 'a create with a key seen before');
    await system.app.close();
    system = await start();
    await expectDamaged('a stored reservation', 'a create');
    expect(await readdir(placeOf('reservations'))).toEqual(['order-9.json']);
  });
});

describe('a start', () => {
  beforeEach(() => system.app.close());
  afterEach(async () => {
    system = await start();
  });

  it.each(['tickets', 'reservations', 'ledger.jsonl'])(
    'is refused if /%s is missing, and creates nothing',
    async (part) => {
      await moveAway(part);
      const before = await readdir(databaseDir);
      await expect(start()).rejects.toThrow(new RegExp(`/${part} is missing, .*put it back`));
      expect(await readdir(databaseDir)).toEqual(before);
      expect((await auditDatabase(databaseDir)).problems).toContain(`${part}: it is missing`);
      await putBack(part);
    },
  );

  it.each(['tickets', 'reservations'])('is refused if the ledger alone shows that /%s existed', async (part) => {
    await rm(placeOf('.ticket-system.parts.json'));
    await moveAway(part);
    await expect(start()).rejects.toThrow(`${part} is missing, but ledger.jsonl shows that it existed`);
    expect((await auditDatabase(databaseDir)).problems).toContain(`${part}: it is missing`);
    await putBack(part);
  });

  it.each(['tickets', 'reservations'])('is refused if /%s is empty, as if its disk were not mounted', async (part) => {
    await replace(part);
    await expect(start()).rejects.toThrow(`${placeOf(part)} is empty, but ledger.jsonl shows that it was not: mount`);
    await putBack(part);
  });

  it('after a kill during the very first one creates what is missing', async () => {
    await rm(databaseDir, { recursive: true });
    await mkdir(placeOf('reservations'), { recursive: true });
    await writeFile(placeOf('ledger.jsonl'), '');
    system = await start();
    expect((await system.list(ORDER)).tickets).toEqual([]);
    await system.app.close();
  });
});

it('a create that writes into another folder leaves its order usable when the right one is back', async () => {
  await system.app.close();
  let isArmed = false;
  system = await startTicketSystem({
    databaseDir,
    guarantee: 'idempotency-key',
    interceptors: {
      disk: (disk) => ({
        ...disk,
        async writeFile(path, text) {
          if (isArmed && path.includes(join('tickets', ORDER))) {
            isArmed = false;
            await replace('tickets');
            await mkdir(join(placeOf('tickets'), ORDER));
          }
          await realDisk.writeFile(path, text);
        },
      }),
    },
  });
  isArmed = true;
  expect((await system.create(ORDER, reservationId, withKey('key-2'))).statusCode).toBe(503);
  await putBack('tickets');
  expect((await system.list(ORDER)).tickets).toMatchObject([{ ticketId, voided: false }]);
  expect((await system.create(ORDER, reservationId, withKey('key-2'))).statusCode).toBe(201);
  expect((await auditDatabase(databaseDir)).problems).toEqual([]);
});

it('a ticket is not called absent because its folder was away while it was read', async () => {
  await system.app.close();
  // The ledger does not name the ticket: a power loss can take its last lines.
  const ledger = await readFile(placeOf('ledger.jsonl'), 'utf8');
  const received = ledger.split('\n').filter((line) => !line.includes('"committed"'));
  await writeFile(placeOf('ledger.jsonl'), received.join('\n'));
  let isArmed = true;
  system = await startTicketSystem({
    databaseDir,
    interceptors: {
      disk: (disk) => ({
        ...disk,
        async readFolder(path) {
          if (!isArmed) return realDisk.readFolder(path);
          isArmed = false;
          await moveAway('tickets');
          const names = await realDisk.readFolder(path);
          await putBack('tickets');
          return names;
        },
      }),
    },
  });
  expect((await system.list(ORDER)).tickets).toMatchObject([{ ticketId }]);
  expect(isArmed).toBe(false);
});

it('the path of the database folder may be a symbolic link', async () => {
  await system.app.close();
  const link = join(parent, 'link');
  await symlink(databaseDir, link);
  system = await startTicketSystem({ databaseDir: link, guarantee: 'idempotency-key' });
  expect((await system.list(ORDER)).tickets).toMatchObject([{ ticketId }]);
  expect((await system.create('order-2', await system.reserve('order-2'), withKey('key-2'))).statusCode).toBe(201);
});

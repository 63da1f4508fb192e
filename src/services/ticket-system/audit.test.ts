import { appendFile, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { auditDatabase } from './audit.ts';
import { startTicketSystem, type TicketSystemUnderTest } from './ticket-system.fixture.ts';

let system: TicketSystemUnderTest;
let ticketFile: string;
let ledger: string;
beforeEach(async () => {
  system = await startTicketSystem();
  await system.create('order-1', await system.reserve('order-1'), { 'request-id': 'run/1/1' });
  const folder = join(system.databaseDir, 'tickets', 'order-1');
  ticketFile = join(folder, (await readdir(folder))[0] ?? '');
  ledger = join(system.databaseDir, 'ledger.jsonl');
});
afterEach(() => system.stop());

const problems = async () => (await auditDatabase(system.databaseDir)).problems;

/** Changes fields of a record. */
async function change(file: string, what: object): Promise<void> {
  await writeFile(file, JSON.stringify({ ...JSON.parse(await readFile(file, 'utf8')), ...what }));
}

describe('the audit', () => {
  it('counts orders by their live tickets, from the files and the ledger', async () => {
    const two = await system.reserve('order-2');
    await system.create('order-2', two);
    await system.create('order-2', two);
    system.fault({ point: 'create.before-commit', kind: 'error-500' });
    await system.create('order-3', await system.reserve('order-3'));
    await system.reserve('order-4');
    const counts = { orders: 3, exactlyOne: 1, duplicates: 1, missing: 1, voided: 0, sends: 4, commits: 3 };
    expect(await auditDatabase(system.databaseDir)).toEqual({ counts, problems: [] });
    expect(await system.audit()).toEqual({ ...counts, inFlight: 0 });
  });

  it('of one order names its live and its voided tickets, and what is wrong in its files', async () => {
    const audited = async (orderId: string) => (await system.app.inject(`/audit/orders/${orderId}`)).json();
    const reservationId = await system.reserve('order-2');
    const create = async () => (await system.create('order-2', reservationId)).json().ticketId;
    const [first, second] = [await create(), await create()];
    await system.voidTicket('order-2', second, first);
    expect(await audited('order-2')).toEqual({ orderId: 'order-2', live: [first], voided: [second], problems: [] });
    expect(await audited('order-3')).toEqual({ orderId: 'order-3', live: [], voided: [], problems: [] });
    await writeFile(ticketFile, '{');
    expect(await audited('order-1')).toMatchObject({ live: [], problems: [expect.stringContaining('it is not JSON')] });
  });

  it('finds nothing wrong with the sample in this repository, which is older than any ledger', async () => {
    const copy = await mkdtemp(join(tmpdir(), 'sample-'));
    try {
      for (const name of ['reservations/order-112358.json', 'tickets/order-112358']) {
        await cp(join('database', name), join(copy, name), { recursive: true });
      }
      const audit = await auditDatabase(copy);
      expect(audit.problems).toEqual([]);
      expect(audit.counts).toMatchObject({ orders: 1, exactlyOne: 1, sends: 0, commits: 1 });
    } finally {
      await rm(copy, { recursive: true });
    }
  });

  it('finds a damaged ticket', async () => {
    await writeFile(ticketFile, '{');
    expect((await problems()).join()).toContain('cannot be read (it is not JSON)');
  });

  it('finds a file that is not a ticket, and ignores temporary files', async () => {
    await writeFile(join(ticketFile, '..', '.half-written'), '{');
    expect(await problems()).toEqual([]);
    await writeFile(join(ticketFile, '..', 'notes.txt'), 'hello');
    expect((await problems()).join()).toContain('notes.txt');
  });

  it('finds a torn last line of the ledger', async () => {
    await appendFile(ledger, '{"kind":"rec');
    expect(await problems()).toEqual(['ledger.jsonl, line 3: the last line is torn']);
  });

  it('counts a last line of the ledger that lacks only its newline', async () => {
    await writeFile(ledger, (await readFile(ledger, 'utf8')).trimEnd());
    expect(await auditDatabase(system.databaseDir)).toMatchObject({ counts: { sends: 1, commits: 1 }, problems: [] });
  });

  it('finds damage inside the ledger', async () => {
    await appendFile(ledger, '{"kind":"rec\n{"kind":"other"}\n');
    expect(await problems()).toEqual([
      'ledger.jsonl, line 3: the line is not JSON',
      'ledger.jsonl, line 4: it is not a line of the ledger',
    ]);
  });

  it('finds a commit whose line is missing from the ledger', async () => {
    const [received] = (await readFile(ledger, 'utf8')).split('\n');
    await writeFile(ledger, `${received}\n`);
    expect((await problems()).join()).toContain('its commit is missing from the ledger');
  });

  it('finds a commit whose ticket file is missing', async () => {
    await rm(ticketFile);
    expect((await problems()).join()).toContain('was committed, but its file is missing');
  });

  it('finds a void without its ticket', async () => {
    const [, ticketId] = /-(TICKET-\w+)\.json$/.exec(ticketFile) ?? [];
    await system.voidTicket('order-1', ticketId ?? '', null, { 'request-deadline': String(Date.now() + 5_000) });
    expect(await problems()).toEqual([]);
    await rm(ticketFile);
    expect((await problems()).join()).toContain('but its void exists');
  });

  it.each([{ orderID: 'order-9' }, { ticketID: 'TICKET-9' }])(
    'finds a ticket whose name does not match its content: %j',
    async (what) => {
      await change(ticketFile, what);
      expect((await problems()).join()).toContain('its name does not match its content');
    },
  );

  it('finds a ticket in the folder of another order', async () => {
    const folder = join(system.databaseDir, 'tickets', 'order-2');
    await mkdir(folder);
    await cp(ticketFile, join(folder, ticketFile.split('/').pop() ?? ''));
    expect((await problems()).join()).toContain('its name does not match its content');
    expect((await problems()).join()).toContain('more than one file has this id');
  });

  it('finds a ticket of another reservation than the stored one', async () => {
    await change(join(system.databaseDir, 'reservations', 'order-1.json'), { reservationID: '000000-AAAAAAAAAA' });
    expect((await problems()).join()).toContain('its reservation is not the stored reservation');
  });

  it('finds two creates with one Request-Id', async () => {
    await system.create('order-1', await system.reserve('order-1'), { 'request-id': 'run/1/1' });
    expect(await problems()).toEqual(['ledger.jsonl: two creates were received with the Request-Id run/1/1']);
  });

  it('finds a card number', async () => {
    await change(ticketFile, { paymentInfo: 'VISA-1234-5678-9012-2526' });
    expect((await problems()).join()).toContain('it contains a card number');
  });
});

import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Disk, realDisk } from '../storage/disk.ts';
import { type JournalDisk, journalDisk } from '../storage/journal-disk.ts';
import { openAccountLedger } from './account-ledger.ts';
import { auditJournal } from './journal-audit.ts';
import type { Operation } from './journal-records.ts';

let databaseDir: string;
beforeEach(async () => {
  databaseDir = await mkdtemp(join(tmpdir(), 'account-ledger-'));
});
afterEach(() => rm(databaseDir, { recursive: true }));

const NOW = Date.parse('2026-01-31T12:00:00Z');
const journalText = () => readFile(join(databaseDir, 'accounts', 'journal.jsonl'), 'utf8');
const turnOfLoop = () => new Promise((resolve) => setImmediate(resolve));

const failWith = (code: string) => () => Promise.reject(Object.assign(new Error(code), { code }));

/** After the old journal has its second name, the new one is gone. */
async function linkAndLoseNewJournal(from: string, to: string) {
  const creation = await realDisk.link(from, to);
  const folder = join(databaseDir, 'accounts');
  for (const name of await readdir(folder)) if (name.startsWith('.')) await rm(join(folder, name));
  return creation;
}

async function open(disk: Partial<JournalDisk> = {}, files: Disk = realDisk) {
  const { ledger } = await openAccountLedger({
    databaseDir,
    nowMs: () => NOW,
    disk: { ...journalDisk, ...disk },
    files,
  });
  const operate = (operation: Operation, amountCents: number, key?: string) =>
    ledger.operate({
      operation,
      account: 'account_A',
      amountCents,
      requestId: 'request',
      ...(key === undefined ? {} : { key }),
    });
  return {
    ledger,
    withdraw: (amountCents: number, key?: string) => operate('withdraw', amountCents, key),
    deposit: (amountCents: number, key?: string) => operate('deposit', amountCents, key),
    balance: async () => (await ledger.balancesCents()).get('account_A'),
  };
}

/** A disk that can hold up writes and make them fail. */
function stoppedDisk() {
  let waiting: (() => void)[] = [];
  let isStopped = false;
  const failures: unknown[] = [];
  const disk: Pick<JournalDisk, 'write'> = {
    async write(file, bytes) {
      if (isStopped) await new Promise<void>((resolve) => waiting.push(resolve));
      const failure = failures.shift();
      if (failure !== undefined) throw failure;
      return journalDisk.write(file, bytes);
    },
  };
  return {
    disk,
    stop: () => {
      isStopped = true;
    },
    failNext: (failure: unknown) => failures.push(failure),
    go: () => {
      isStopped = false;
      for (const resolve of waiting) resolve();
      waiting = [];
    },
  };
}

describe('the ledger of the accounts', () => {
  it('shows nothing and resolves nothing before it is durable, not even refusals that depend on it', async () => {
    const { disk, stop, go } = stoppedDisk();
    const { ledger, withdraw, balance } = await open(disk);
    stop();
    const resolved: string[] = [];
    const all = withdraw(100_000).then(({ kind }) => resolved.push(kind));
    const more = withdraw(1).then(({ kind }) => resolved.push(kind));
    for (let turn = 0; turn < 5; turn += 1) await turnOfLoop();
    expect([resolved, await balance()]).toEqual([[], 100_000]);
    go();
    await Promise.all([all, more]);
    expect([resolved.sort(), await balance()]).toEqual([['refusal', 'withdraw'], 0]);
    await ledger.close();
  });

  it('goes back to the durable state when a write fails, also for operations that depend on the lost one', async () => {
    const { disk, stop, go, failNext } = stoppedDisk();
    const { ledger, withdraw, deposit, balance } = await open(disk);
    stop();
    failNext(Object.assign(new Error('full'), { code: 'ENOSPC' }));
    const lost = [deposit(50_000, 'key-1')];
    await turnOfLoop();
    lost.push(withdraw(120_000, 'key-2'), withdraw(100_000), withdraw(1));
    const outcomes = Promise.allSettled(lost);
    await turnOfLoop();
    go();
    expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected', 'rejected']);
    await expect(lost[3]).rejects.toMatchObject({ code: 'ENOSPC' });
    expect(await balance()).toBe(100_000);
    expect(await withdraw(120_000, 'key-2')).toMatchObject({ kind: 'refusal', balanceCents: 100_000 });
    expect(await deposit(50_000, 'key-1')).toMatchObject({ previousCents: 100_000, newCents: 150_000 });
    await ledger.close();
    expect(auditJournal(await journalText()).balancesCents).toEqual({ account_A: 150_000, account_B: 50_000 });
  });

  it('refuses everything after a failed sync, until it is opened again', async () => {
    let broken = false;
    const { ledger, withdraw, balance } = await open({
      sync: async (file) => (broken ? Promise.reject(new Error('EIO: i/o error')) : file.datasync()),
    });
    broken = true;
    const refused = { status: 503, code: 'DATABASE_UNSURE', message: expect.stringContaining('restart the service') };
    await expect(withdraw(1)).rejects.toMatchObject(refused);
    await expect(withdraw(1)).rejects.toMatchObject(refused);
    await expect(balance()).rejects.toMatchObject(refused);
    await expect(ledger.reset()).rejects.toMatchObject(refused);
    await ledger.close();
    const reopened = await open();
    expect(await reopened.balance()).toBe(auditJournal(await journalText()).balancesCents.account_A);
    await reopened.ledger.close();
  });

  it('always has the state that its journal describes, whatever write fails', async () => {
    const step = fc.record({
      deposits: fc.boolean(),
      amountCents: fc.integer({ min: 1, max: 60_000 }),
      key: fc.option(fc.constantFrom('key-1', 'key-2', 'key-3', 'key-4'), { nil: undefined }),
      pauses: fc.boolean(),
      writeFails: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        await rm(join(databaseDir, 'accounts'), { recursive: true, force: true });
        const failing: boolean[] = [];
        const { ledger, withdraw, deposit, balance } = await open({
          write: async (file, bytes) => {
            await turnOfLoop();
            if (failing.shift() === true) throw new Error('the write fails');
            return journalDisk.write(file, bytes);
          },
        });
        const inFlight = new Set<string>();
        let acknowledgedCents = 100_000;
        const counted = new Set<string>();
        const running: Promise<unknown>[] = [];
        for (const { deposits, amountCents, key, pauses, writeFails } of steps) {
          if (pauses) await turnOfLoop();
          failing.push(writeFails);
          if (key !== undefined && inFlight.has(key)) continue;
          if (key !== undefined) inFlight.add(key);
          const operation = (deposits ? deposit : withdraw)(amountCents, key).then(
            (outcome) => {
              if (outcome.kind === 'refusal' || (key !== undefined && counted.has(key))) return;
              if (key !== undefined) counted.add(key);
              acknowledgedCents += outcome.newCents - outcome.previousCents;
            },
            () => undefined,
          );
          running.push(operation.finally(() => key !== undefined && inFlight.delete(key)));
        }
        await Promise.all(running);
        expect(await balance()).toBe(acknowledgedCents);
        await ledger.close();
        const { balancesCents, moves } = auditJournal(await journalText());
        expect(balancesCents.account_A).toBe(acknowledgedCents);
        expect(Object.entries(moves).filter(([name, count]) => name !== 'request' && count > 1)).toEqual([]);
      }),
      { seed: 42_618, numRuns: 60 },
    );
  });

  it('needs far fewer syncs than commits', async () => {
    let syncs = 0;
    const { ledger, withdraw } = await open({
      sync: (file) => {
        syncs += 1;
        return file.datasync();
      },
    });
    const client = async () => {
      for (let count = 0; count < 20; count += 1) await withdraw(1);
    };
    await Promise.all(Array.from({ length: 50 }, client));
    await ledger.close();
    expect(auditJournal(await journalText()).balancesCents.account_A).toBe(99_000);
    expect(syncs).toBeLessThan(100);
  });

  it.each<[string, Partial<Disk>, object]>([
    ['the disk is full', { writeFile: failWith('ENOSPC') }, { status: 507, code: 'DISK_FULL' }],
    ['a file cannot have a second name', { link: failWith('ENOTSUP') }, { status: 500, code: 'RESET_FAILED' }],
    ['the new journal cannot take its place', { link: linkAndLoseNewJournal }, { status: 500, code: 'RESET_FAILED' }],
  ])('goes on with the old accounts after a reset that failed because %s', async (_, faulty, expected) => {
    const { ledger, withdraw, balance } = await open({}, { ...realDisk, ...faulty });
    await withdraw(100, 'key-1');
    const before = await readdir(join(databaseDir, 'accounts'));
    const message = expect.stringContaining('the accounts were not reset and stay as they are');
    await expect(ledger.reset()).rejects.toMatchObject({ ...expected, message });
    expect(await readdir(join(databaseDir, 'accounts'))).toEqual(before);
    expect(await withdraw(100, 'key-1')).toMatchObject({ previousCents: 100_000, newCents: 99_900 });
    expect(await withdraw(100, 'key-2')).toMatchObject({ previousCents: 99_900, newCents: 99_800 });
    expect(await balance()).toBe(99_800);
    await ledger.close();
  });

  it('lets calls wait that come while a reset has put the new journal in place', async () => {
    const during: Promise<unknown>[] = [];
    const { ledger, withdraw, balance } = await open(
      {},
      {
        ...realDisk,
        async syncFolder(path) {
          during.push(balance(), withdraw(100, 'key-1'));
          await turnOfLoop();
          await realDisk.syncFolder(path);
        },
      },
    );
    await withdraw(500, 'key-1');
    await ledger.reset();
    expect(await Promise.all(during)).toEqual([100_000, expect.objectContaining({ newCents: 99_900 })]);
    await ledger.close();
  });

  it('is reset without losing anything: the old journal is kept, and calls in the meantime wait', async () => {
    const { ledger, withdraw, balance } = await open();
    await withdraw(100, 'key-1');
    const old = await journalText();
    const before = withdraw(200);
    const reset = ledger.reset();
    const after = withdraw(300, 'key-1');
    const archive = (await reset) ?? '';
    expect(archive).toBe('journal-20260131T120000.000Z.jsonl');
    const archived = await readFile(join(databaseDir, 'accounts', archive), 'utf8');
    expect(archived.startsWith(old)).toBe(true);
    expect(await before).toMatchObject({ newCents: 99_700 });
    expect(auditJournal(archived).balancesCents.account_A).toBe(99_700);
    expect(await after).toMatchObject({ kind: 'withdraw', previousCents: 100_000, newCents: 99_700 });
    expect(await balance()).toBe(99_700);
    await ledger.reset();
    await ledger.close();
    expect((await readdir(join(databaseDir, 'accounts'))).sort()).toEqual([
      'journal-20260131T120000.000Z.jsonl',
      'journal-20260131T120000.001Z.jsonl',
      'journal.jsonl',
    ]);
  });
});

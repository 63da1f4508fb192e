import { copyFile, link, mkdir, mkdtemp, readdir, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createLogger } from '../../platform/logging/logger.ts';
import { type AccountApiUnderTest, startAccountApi, statusAndCode } from './account-api.fixture.ts';
import { archiveJournal } from './accounts-journal.ts';
import { auditJournal } from './journal-audit.ts';

const JOURNAL = join('accounts', 'journal.jsonl');

let parent: string;
let databaseDir: string;
let api: AccountApiUnderTest;
let logged: string[];

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'missing-accounts-'));
  databaseDir = join(parent, 'database');
  await mkdir(databaseDir);
  logged = [];
  api = await start();
  await api.withdraw('account_A', 100, 'key-1');
});
afterEach(async () => {
  await api.app.close();
  await rm(parent, { recursive: true });
});

async function start() {
  const log = (...args: unknown[]) => void logged.push(String(args.at(-1)));
  const logger = Object.assign(Object.create(createLogger('account-api', 'silent')), {
    ...{ error: log, warn: log },
    child: () => logger,
  });
  return startAccountApi({ databaseDir, logger });
}

const placeOf = (part: string) => join(databaseDir, part);
const moveAway = (part: string) => rename(placeOf(part), join(parent, 'away'));
async function replace(part: string) {
  await moveAway(part);
  if (part === JOURNAL) await copyFile(join(parent, 'away'), placeOf(part));
  else await mkdir(placeOf(part));
}
async function putBack(part: string) {
  await rm(placeOf(part), { recursive: true, force: true });
  await rename(join(parent, 'away'), placeOf(part));
}

/** Every request that reads or changes the accounts. */
const requests: Readonly<Record<string, () => ReturnType<AccountApiUnderTest['get']>>> = {
  'all accounts': () => api.get('/accounts'),
  'a balance': () => api.get('/accounts/account_A'),
  'an unknown account': () => api.get('/accounts/account_C'),
  'a withdrawal': () => api.withdraw('account_A', 1),
  'a withdrawal with a key': () => api.withdraw('account_A', 1, 'key-2'),
  'a deposit': () => api.deposit('account_B', 1),
  'an operation with a key seen before': () => api.withdraw('account_A', 100, 'key-1'),
  'a key seen before with another amount': () => api.withdraw('account_A', 7, 'key-1'),
  'a refusal': () => api.withdraw('account_A', 5_000),
  'a refusal with a key': () => api.withdraw('account_A', 5_000, 'key-3'),
  'an operation on an unknown account': () => api.deposit('account_C', 1),
  'a reset': () => api.app.inject({ method: 'POST', url: '/reset' }),
};

async function expectAll(code: string): Promise<void> {
  for (const [name, send] of Object.entries(requests)) {
    expect([name, ...statusAndCode(await send())]).toEqual([name, 503, code]);
  }
}

describe.each(['', 'accounts', JOURNAL])('while /%s is not where it was opened', (part) => {
  it.each([
    ['moved away', moveAway],
    ['replaced', replace],
  ])('every request is refused if it was %s, and handled once it is back', async (_, change) => {
    await change(part);
    await expectAll('DATABASE_MISSING');
    expect(logged.filter((line) => line.startsWith('requests are refused: '))).toHaveLength(1);

    await putBack(part);
    expect(await api.balance('account_A')).toBe(900);
    expect(await api.balance('account_B')).toBe(500);
    expect((await api.withdraw('account_A', 100, 'key-1')).json()).toMatchObject({ new_balance: 900 });
    expect((await api.withdraw('account_A', 1, 'key-2')).json()).toMatchObject({ new_balance: 899 });
    expect(logged.filter((line) => line.includes('back in its place'))).toHaveLength(1);
    expect(auditJournal(await api.journal()).balancesCents).toEqual({ account_A: 89_900, account_B: 50_000 });
  });
});

it('a withdrawal whose folder is removed is not acknowledged, and no start gives the money back', async () => {
  await rm(placeOf('accounts'), { recursive: true });
  await expectAll('DATABASE_MISSING');
  await api.app.close();
  await expect(start()).rejects.toThrow(/accounts\/journal\.jsonl is missing, .*put it back/);
  expect(await readdir(databaseDir)).not.toContain('accounts');
  await mkdir(placeOf('accounts'));
  await expect(start()).rejects.toThrow('journal.jsonl is missing');
  expect(await readdir(placeOf('accounts'))).toEqual([]);
  await rm(placeOf('.account-api.parts.json'));
  api = await start();
  expect(await api.balance('account_A')).toBe(1_000);
});

it('a journal that has lost lines is no proof of anything: every request is refused until a restart', async () => {
  await truncate(placeOf(JOURNAL), (await readFile(placeOf(JOURNAL))).length - 20);
  await expectAll('DATABASE_UNSURE');
  await api.app.close();
  api = await start();
  expect(await api.balance('account_A')).toBe(1_000);
});

it('a start is refused if the journal is empty, until the accounts are reset', async () => {
  await api.app.close();
  await truncate(placeOf(JOURNAL), 0);
  await expect(start()).rejects.toThrow(`${placeOf(JOURNAL)} is empty, but it was in use: restore a backup, or reset`);
  expect(await readFile(placeOf(JOURNAL), 'utf8')).toBe('');
  await archiveJournal(databaseDir, Date.now());
  api = await start();
  expect(await api.balance('account_A')).toBe(1_000);
});

it('requests that arrive during a reset are not mistaken for ones without a journal', async () => {
  const sent = Array.from({ length: 40 }, async (_, index) => {
    if (index % 8 === 0) return requests['a reset']?.();
    return index % 2 === 0 ? api.get('/accounts') : api.withdraw('account_A', 0.01);
  });
  const responses = await Promise.all(sent);
  expect(responses.map((response) => response?.statusCode)).toEqual(sent.map(() => 200));
});

it('a reset that was killed between its steps has lost nothing and leaves nothing behind', async () => {
  await api.app.close();
  await link(placeOf(JOURNAL), placeOf(join('accounts', 'journal-20260131T120000.000Z.jsonl')));
  await writeFile(placeOf(join('accounts', `.journal.jsonl.${'x'.repeat(21)}`)), '');
  api = await start();
  expect(await api.balance('account_A')).toBe(900);
  expect((await readdir(placeOf('accounts'))).sort()).toEqual(['journal-20260131T120000.000Z.jsonl', 'journal.jsonl']);
});

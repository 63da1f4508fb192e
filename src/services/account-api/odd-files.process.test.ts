import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openLocked } from '../../platform/files/open-locked.ts';
import { ODD_FILES, openToOthers } from '../storage/odd-files.fixture.ts';
import { startAccountApi } from './account-api.fixture.ts';
import { archiveJournal } from './accounts-journal.ts';

let databaseDir: string;
beforeEach(async () => {
  databaseDir = await mkdtemp(join(tmpdir(), 'odd-files-'));
});
afterEach(() => rm(databaseDir, { recursive: true, force: true }));

const inDatabase = (...names: readonly string[]) => join(databaseDir, ...names);

describe.each(ODD_FILES)('%s in the place of the journal of the accounts', (found, make) => {
  it('stops the start, until a reset moves it aside', async () => {
    await mkdir(inDatabase('accounts'));
    const journal = inDatabase('accounts', 'journal.jsonl');
    await make(journal);
    await expect(startAccountApi({ databaseDir })).rejects.toThrow(`${journal} is ${found}, not a file: move it away`);
    expect(await archiveJournal(databaseDir, Date.now())).toMatch(/^journal-/);
    const api = await startAccountApi({ databaseDir });
    expect(await api.balance('account_A')).toBe(1000);
    await api.stop();
  });
});

it('a journal that is a symbolic link out of the database is not written to', async () => {
  await mkdir(inDatabase('accounts'));
  await writeFile(inDatabase('outside'), '');
  await symlink('../outside', inDatabase('accounts', 'journal.jsonl'));
  await expect(startAccountApi({ databaseDir })).rejects.toThrow('is a symbolic link');
  expect(await readFile(inDatabase('outside'), 'utf8')).toBe('');
});

it.each([
  ['a file', (path: string) => writeFile(path, '')],
  ['a symbolic link', (path: string) => symlink(databaseDir, path)],
])('accounts that is %s stops the start', async (found, make) => {
  await make(inDatabase('accounts'));
  await expect(startAccountApi({ databaseDir })).rejects.toThrow(
    `${inDatabase('accounts')} is ${found}, not a folder: move it away`,
  );
});

it('a second account API is refused, even if someone has removed the lock file of the first, also after a reset', async () => {
  const api = await startAccountApi({ databaseDir, openLocked });
  for (const url of ['/reset', undefined]) {
    await rm(inDatabase('.account-api.lock'), { force: true });
    await expect(startAccountApi({ databaseDir, openLocked })).rejects.toThrow(
      `${inDatabase('accounts', 'journal.jsonl')} is used by another process`,
    );
    if (url !== undefined) await api.app.inject({ method: 'POST', url });
  }
  expect((await api.withdraw('account_A', 1)).statusCode).toBe(200);
  await api.stop();
});

it('what the account API creates cannot be read by other users', async () => {
  const usual = process.umask(0);
  try {
    const api = await startAccountApi({ databaseDir });
    await api.withdraw('account_A', 1);
    expect(await openToOthers(databaseDir)).toEqual([]);
    await api.stop();
  } finally {
    process.umask(usual);
  }
});

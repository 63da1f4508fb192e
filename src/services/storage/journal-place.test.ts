import { appendFile, copyFile, mkdir, mkdtemp, readFile, rename, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DatabaseMissingError } from './database-parts.ts';
import { type Journal, openJournal } from './journal.ts';
import { journalDisk } from './journal-disk.ts';
import { DurabilityUnknownError } from './journal-errors.ts';

let parent: string;
let folder: string;
let path: string;
let journal: Journal;
let lost: unknown[];
/** Runs once, between a write and its sync. */
let beforeSync: () => Promise<void>;

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'journal-place-'));
  folder = join(parent, 'accounts');
  path = join(folder, 'journal.jsonl');
  await mkdir(folder);
  lost = [];
  beforeSync = async () => undefined;
  const disk = {
    ...journalDisk,
    async sync(file: Parameters<typeof journalDisk.sync>[0]) {
      const once = beforeSync;
      beforeSync = async () => undefined;
      await once();
      await journalDisk.sync(file);
    },
  };
  ({ journal } = await openJournal(path, () => undefined, { disk, onLost: (error) => lost.push(error) }));
  await journal.commit({ number: 1 });
});
afterEach(async () => {
  await journal.close();
  await rm(parent, { recursive: true });
});

const numbersIn = async (file: string) =>
  (await readFile(file, 'utf8'))
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line).number);

const moveAway = () => rename(folder, join(parent, 'away'));
const moveBack = () => rename(join(parent, 'away'), folder);
/** A copy has the same content; it is another file all the same. */
async function replaceByCopy() {
  await copyFile(path, join(folder, 'copy'));
  await rename(path, join(parent, 'away'));
  await rename(join(folder, 'copy'), path);
}

describe('a journal whose path does not lead to it any more', () => {
  it.each([
    ['its folder was moved away', moveAway],
    ['its folder was removed', () => rm(folder, { recursive: true })],
    ['it was replaced by a copy', replaceByCopy],
  ])('commits nothing, because %s', async (_, change) => {
    await change();
    await expect(journal.commit({ number: 2 })).rejects.toThrow(DatabaseMissingError);
    expect(lost).toHaveLength(1);
    expect(() => journal.check()).toThrow(DatabaseMissingError);
  });

  it('commits nothing that was written when its folder was moved, and continues when the folder is back', async () => {
    beforeSync = moveAway;
    await expect(journal.commit({ number: 2 })).rejects.toThrow('put it back');
    await expect(journal.commit({ number: 3 })).rejects.toThrow(DatabaseMissingError);
    expect(await numbersIn(join(parent, 'away', 'journal.jsonl'))).toEqual([1]);
    await moveBack();
    journal.check();
    await journal.commit({ number: 4 });
    expect(await numbersIn(path)).toEqual([1, 4]);
  });
});

describe('a journal that somebody else has changed', () => {
  it.each([
    ['has become shorter', () => truncate(path, 5)],
    ['is empty', () => truncate(path, 0)],
    ['has become longer', () => appendFile(path, '{"number":9}\n')],
  ])('accepts nothing until a restart, and is not changed any more, if it %s', async (_, change) => {
    await change();
    await expect(journal.commit({ number: 2 })).rejects.toThrow(DurabilityUnknownError);
    const then = await readFile(path);
    await expect(journal.commit({ number: 3 })).rejects.toThrow(/journal\.jsonl .* bytes instead of .*restart/);
    await expect(journal.append({ number: 3 })).rejects.toThrow(DurabilityUnknownError);
    expect(() => journal.check()).toThrow(DurabilityUnknownError);
    expect((await readFile(path)).equals(then)).toBe(true);
    expect(then.includes(0)).toBe(false);
  });

  it('is noticed by a check alone if it has become shorter', async () => {
    await truncate(path, 0);
    expect(() => journal.check()).toThrow(DurabilityUnknownError);
    await expect(journal.commit({ number: 2 })).rejects.toThrow(DurabilityUnknownError);
    expect(await readFile(path, 'utf8')).toBe('');
  });

  it('is never made longer to undo a failed write', async () => {
    const full = Object.assign(new Error('full'), { code: 'ENOSPC' });
    await journal.close();
    const disk = { ...journalDisk, write: async () => truncate(path, 3).then(() => Promise.reject(full)) };
    ({ journal } = await openJournal(path, () => undefined, { disk }));
    await expect(journal.commit({ number: 2 })).rejects.toThrow(DurabilityUnknownError);
    expect(await readFile(path, 'utf8')).toBe('{"n');
  });
});

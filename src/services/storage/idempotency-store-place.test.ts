import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { RunOnceStore } from '../../resilience/run-once.ts';
import { DatabaseMissingError } from './database-parts.ts';
import { type Disk, realDisk } from './disk.ts';
import { openIdempotencyStore } from './idempotency-store.ts';

let parent: string;
let folder: string;
let store: RunOnceStore;
/** The folder is moved away once, after this step of a claim. */
let moveAfter: string | undefined;
const moveAwayAfter = async (step: string) => {
  if (moveAfter !== step) return;
  moveAfter = undefined;
  await rename(folder, away());
};
const disk: Disk = {
  ...realDisk,
  async link(from, to) {
    const creation = await realDisk.link(from, to);
    await moveAwayAfter('link');
    return creation;
  },
  async syncFolder(path) {
    await realDisk.syncFolder(path);
    await moveAwayAfter('sync');
  },
};
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'idempotency-place-'));
  folder = join(parent, 'keys');
  moveAfter = undefined;
  store = await openIdempotencyStore(folder, disk);
  await store.claim('key-1', 'abc');
  await store.record('key-1', 'done');
});
afterEach(() => rm(parent, { recursive: true }));

const away = () => join(parent, 'away');

describe('an idempotency store whose folder is not where it was opened', () => {
  it.each([
    ['is missing', () => rename(folder, away())],
    ['was replaced by an empty one', () => rename(folder, away()).then(() => mkdir(folder))],
  ])('calls no key free and stores nothing, if it %s, until the folder is back', async (_, change) => {
    await change();
    await expect(store.find('key-1')).rejects.toThrow(DatabaseMissingError);
    await expect(store.find('key-2')).rejects.toThrow(DatabaseMissingError);
    await expect(store.claim('key-2', 'abc')).rejects.toThrow(DatabaseMissingError);
    await expect(store.record('key-1', 'again')).rejects.toThrow(DatabaseMissingError);
    await rm(folder, { recursive: true, force: true });
    await rename(away(), folder);
    expect((await store.find('key-1'))?.result).toEqual({ value: 'done' });
    expect(await store.claim('key-2', 'abc')).toBe('claimed');
    await store.release('key-2');
  });

  it.each([
    ['before the claim is synced', 'link'],
    ['after it', 'sync'],
  ])('leaves a key free that could not be claimed because the folder was moved away %s', async (_, moment) => {
    moveAfter = moment;
    await expect(store.claim('key-2', 'abc')).rejects.toThrow();
    await expect(store.find('key-2')).rejects.toThrow(DatabaseMissingError);
    await rename(away(), folder);
    expect((await readdir(folder)).filter((name) => !name.startsWith('.'))).toHaveLength(3);
    expect(await store.find('key-2')).toBeUndefined();
    expect(await store.claim('key-2', 'abc')).toBe('claimed');
    expect(await store.find('key-2')).toMatchObject({ fingerprint: 'abc', heldElsewhere: false });
    await store.release('key-2');
  });
});

import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { RunOnceStore } from '../../resilience/run-once.ts';
import { DatabaseMissingError } from './database-parts.ts';
import { openIdempotencyStore } from './idempotency-store.ts';

let parent: string;
let folder: string;
let store: RunOnceStore;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'idempotency-place-'));
  folder = join(parent, 'keys');
  store = await openIdempotencyStore(folder);
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
});

import { expect, it } from '@jest/globals';
import { realDisk } from './disk.ts';
import { createDurableFolders } from './durable-folders.ts';

/** Counts the syncs, each of which ends when its function in `ends` is called. */
function countSyncs() {
  const ends: (() => void)[] = [];
  const syncFolder = () => new Promise<void>((resolve) => ends.push(resolve));
  const folders = createDurableFolders({ ...realDisk, syncFolder });
  const sync = async () => {
    const ensured = folders.ensure('a');
    ends.at(-1)?.();
    await ensured;
  };
  return { folders, ends, sync };
}

it('a folder is synced once, and again after it changed', async () => {
  const { folders, ends, sync } = countSyncs();
  for (const syncs of [1, 2]) {
    await sync();
    await folders.ensure('a');
    expect(ends).toHaveLength(syncs);
    await folders.change('a', async () => undefined);
  }
});

it('a folder that changes while it is synced does not count as durable', async () => {
  const { folders, ends, sync } = countSyncs();
  const first = folders.ensure('a');
  await folders.change('a', async () => undefined);
  ends[0]?.();
  await first;
  await sync();
  expect(ends).toHaveLength(2);
});

it('a sync that begins and ends during a change does not make the change durable', async () => {
  const { folders, ends, sync } = countSyncs();
  let finish: () => void = () => undefined;
  const changing = folders.change('a', () => new Promise<void>((resolve) => (finish = resolve)));
  await folders.change('a', sync);
  await sync();
  expect(ends).toHaveLength(2);

  finish();
  await changing;
  await sync();
  expect(ends).toHaveLength(3);
  await folders.ensure('a');
  expect(ends).toHaveLength(3);
});

it('a change that fails ends as well', async () => {
  const { folders, ends, sync } = countSyncs();
  await expect(folders.change('a', () => Promise.reject(new Error('disk full')))).rejects.toThrow('disk full');
  await sync();
  await folders.ensure('a');
  expect(ends).toHaveLength(1);
});

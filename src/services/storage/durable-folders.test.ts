import { expect, it } from '@jest/globals';
import { realDisk } from './disk.ts';
import { createDurableFolders } from './durable-folders.ts';

/** Counts the syncs, each of which ends when its function in `ends` is called. */
function countSyncs() {
  const ends: (() => void)[] = [];
  const syncFolder = () => new Promise<void>((resolve) => ends.push(resolve));
  return { folders: createDurableFolders({ ...realDisk, syncFolder }), ends };
}

it('a folder is synced once, and again after it changed', async () => {
  const { folders, ends } = countSyncs();
  for (const syncs of [1, 2]) {
    const ensured = folders.ensure('a');
    ends.at(-1)?.();
    await ensured;
    await folders.ensure('a');
    expect(ends).toHaveLength(syncs);
    folders.changing('a');
  }
});

it('a folder that changes while it is synced does not count as durable', async () => {
  const { folders, ends } = countSyncs();
  const first = folders.ensure('a');
  folders.changing('a');
  ends[0]?.();
  await first;
  const second = folders.ensure('a');
  expect(ends).toHaveLength(2);
  ends[1]?.();
  await second;
});

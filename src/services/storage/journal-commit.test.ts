import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { openJournal } from './journal.ts';
import { type JournalDisk, journalDisk } from './journal-disk.ts';
import { DurabilityUnknownError } from './journal-errors.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'journal-commit-'));
  path = join(folder, 'journal.jsonl');
});
afterEach(() => rm(folder, { recursive: true }));

const open = async (disk: Partial<JournalDisk>, onLost: () => void = () => undefined) =>
  (await openJournal(path, () => undefined, { disk: { ...journalDisk, ...disk }, onLost })).journal;
const linesOf = async () =>
  (await readFile(path, 'utf8'))
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line).number);
const outcomesOf = async (commits: readonly Promise<void>[]) =>
  (await Promise.allSettled(commits)).map(({ status }) => (status === 'fulfilled' ? 'durable' : 'lost'));

/** A step that waits until it is released. */
function gate() {
  let go: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    go = resolve;
  });
  return { opened, go };
}

describe('a commit to a journal', () => {
  it('resolves only after its line is written and synced', async () => {
    const syncing = gate();
    let synced = false;
    const journal = await open({
      sync: async (file) => {
        await syncing.opened;
        await file.datasync();
        synced = true;
      },
    });
    const commit = journal.commit({ number: 1 }).then(() => synced);
    expect(await Promise.race([commit, new Promise((resolve) => setTimeout(resolve, 30, 'waiting'))])).toBe('waiting');
    syncing.go();
    expect(await commit).toBe(true);
    await journal.close();
    expect(await linesOf()).toEqual([1]);
  });

  it('shares its write and its sync with all commits that come while an earlier one is synced', async () => {
    let syncs = 0;
    let writes = 0;
    const journal = await open({
      sync: (file) => {
        syncs += 1;
        return file.datasync();
      },
      write: (file, bytes) => {
        writes += 1;
        return journalDisk.write(file, bytes);
      },
    });
    const first = journal.commit({ number: 0 });
    await Promise.resolve();
    const numbers = Array.from({ length: 500 }, (_, index) => index + 1);
    await Promise.all([first, ...numbers.map((number) => journal.commit({ number }))]);
    await journal.close();
    expect(await linesOf()).toEqual([0, ...numbers]);
    expect([writes, syncs]).toEqual([2, 2]);
  });

  it.each([
    ['throws', async () => Promise.reject(Object.assign(new Error('full'), { code: 'ENOSPC' }))],
    [
      'is short',
      async (file: Parameters<JournalDisk['write']>[0], bytes: Buffer) =>
        journalDisk.write(file, bytes.subarray(0, bytes.length - 3)),
    ],
  ])('is undone if its write %s, together with the commits that wait behind it and no others', async (_, failing) => {
    const writing = gate();
    let writes = 0;
    const events: string[] = [];
    const journal = await open(
      {
        write: async (file, bytes) => {
          writes += 1;
          if (writes !== 2) return journalDisk.write(file, bytes);
          await writing.opened;
          return failing(file, bytes);
        },
      },
      () => events.push('lost'),
    );
    await journal.commit({ number: 1 });
    const failed = [journal.commit({ number: 2 }), journal.commit({ number: 3 })];
    await new Promise((resolve) => setImmediate(resolve));
    const behind = [journal.commit({ number: 4 }), journal.commit({ number: 5 })];
    for (const commit of [...failed, ...behind]) commit.catch(() => events.push('rejected'));
    writing.go();
    expect(await outcomesOf([...failed, ...behind])).toEqual(['lost', 'lost', 'lost', 'lost']);
    await expect(behind[0]).rejects.toMatchObject({ code: 'ENOSPC' });
    expect(events[0]).toBe('lost');
    expect(events.filter((event) => event === 'lost')).toHaveLength(1);
    expect(await linesOf()).toEqual([1]);
    await journal.commit({ number: 6 });
    await journal.close();
    expect(await linesOf()).toEqual([1, 6]);
  });

  it('is undone durably if its batch is lost, so no power loss can make it reappear', async () => {
    const steps: string[] = [];
    const journal = await open({
      write: async () => Promise.reject(new Error('broken')),
      truncate: async (file, lengthBytes) => {
        steps.push('truncate');
        await journalDisk.truncate(file, lengthBytes);
      },
      sync: async () => void steps.push('sync'),
    });
    await expect(journal.commit({ number: 1 })).rejects.toThrow('broken');
    expect(steps).toEqual(['truncate', 'sync']);
    await journal.close();
  });

  it.each([
    ['sync', { sync: async () => Promise.reject(new Error('EIO: i/o error')) }],
    [
      'undoing of a failed write',
      {
        write: async () => Promise.reject(new Error('ENOSPC')),
        truncate: async () => Promise.reject(new Error('EIO: i/o error')),
      },
    ],
  ])('is refused after a failed %s until a restart, which the error recommends', async (_, disk) => {
    const journal = await open(disk);
    const commits = [journal.commit({ number: 1 })];
    await Promise.resolve();
    commits.push(journal.commit({ number: 2 }));
    expect(await outcomesOf(commits)).toEqual(['lost', 'lost']);
    await expect(journal.commit({ number: 3 })).rejects.toThrow(DurabilityUnknownError);
    await expect(journal.commit({ number: 3 })).rejects.toThrow(/journal\.jsonl .*EIO.*restart the service/);
    await expect(journal.append({ number: 3 })).rejects.toThrow(DurabilityUnknownError);
    await journal.close();
  });

  it('is in the file exactly if it resolved, whichever writes fail and whenever commits come', async () => {
    const actions = fc.array(fc.record({ fails: fc.boolean(), short: fc.boolean(), commits: fc.nat({ max: 3 }) }), {
      maxLength: 12,
    });
    await fc.assert(
      fc.asyncProperty(actions, async (plan) => {
        await rm(path, { force: true });
        let writes = 0;
        const journal = await open({
          write: async (file, bytes) => {
            const step = plan[writes];
            writes += 1;
            if (step?.fails !== true) return journalDisk.write(file, bytes);
            if (step.short) return journalDisk.write(file, bytes.subarray(0, bytes.length >> 1));
            throw new Error('the write fails');
          },
        });
        const durable: number[] = [];
        const commits: Promise<unknown>[] = [];
        let number = 0;
        for (const { commits: count } of plan) {
          for (let index = 0; index < count; index += 1) {
            number += 1;
            const committed = number;
            commits.push(journal.commit({ number }).then(() => durable.push(committed)));
          }
          await new Promise((resolve) => setImmediate(resolve));
        }
        await Promise.allSettled(commits);
        await journal.close();
        expect(await linesOf()).toEqual(durable);
      }),
      { seed: 112_358, numRuns: 60 },
    );
  });
});

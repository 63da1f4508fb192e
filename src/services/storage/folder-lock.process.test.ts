import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FolderInUseError, lockFolder } from './folder-lock.ts';

const LOCK = '.test.lock';
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'folder-lock-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function processId(ended: boolean): Promise<{ pid: number; end: () => void }> {
  const child = spawn(process.execPath, ['-e', ended ? '' : 'setInterval(() => {}, 1000)']);
  if (ended) await once(child, 'exit');
  else await once(child, 'spawn');
  return { pid: child.pid ?? 0, end: () => child.kill('SIGKILL') };
}

describe('the lock of a folder', () => {
  it('is refused while it is held, and granted again after it is released', async () => {
    const release = await lockFolder(folder, LOCK);
    await expect(lockFolder(folder, LOCK)).rejects.toThrow(FolderInUseError);
    await release();
    expect(await readdir(folder)).toEqual([]);
    await (await lockFolder(folder, LOCK))();
  });

  it('is refused while another process holds it, and the error names the process', async () => {
    const other = await processId(false);
    try {
      await writeFile(join(folder, LOCK), `${other.pid}\n`);
      await expect(lockFolder(folder, LOCK)).rejects.toThrow(`process ${other.pid}`);
      expect(await readFile(join(folder, LOCK), 'utf8')).toBe(`${other.pid}\n`);
    } finally {
      other.end();
    }
  });

  it('is taken over from a process that no longer runs', async () => {
    const { pid } = await processId(true);
    await writeFile(join(folder, LOCK), `${pid}\n`);
    const release = await lockFolder(folder, LOCK);
    expect(await readFile(join(folder, LOCK), 'utf8')).toBe(`${process.pid}\n`);
    await release();
  });

  it('is taken over from an earlier process that had the same id, as in a container', async () => {
    await writeFile(join(folder, LOCK), `${process.pid}\n`);
    await (await lockFolder(folder, LOCK))();
    expect(await readdir(folder)).toEqual([]);
  });
});

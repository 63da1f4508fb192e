import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FolderInUseError, lockFolder } from './folder-lock.ts';
import { openLocked } from './open-locked.ts';
import { OddFileError } from './open-regular-file.ts';

const LOCK = '.test.lock';
const HOLDER = ['scripts/run.mjs', 'src/platform/files/holder.fixture.ts'];
/** Makes a command run in a process id namespace of its own, as in a container. */
const IN_A_NAMESPACE = ['unshare', '--user', '--map-root-user', '--pid', '--fork', '--kill-child', '--mount-proc'];
const namespacesWork = spawnSync(IN_A_NAMESPACE[0] ?? '', [...IN_A_NAMESPACE.slice(1), 'true']).status === 0;

let folder: string;
let path: string;
let children: ChildProcess[];
let childrenOfHolders: number[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'folder-lock-'));
  path = join(folder, LOCK);
  children = [];
  childrenOfHolders = [];
});
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  for (const processId of childrenOfHolders) process.kill(processId, 'SIGKILL');
  await rm(folder, { recursive: true });
});

/** Starts a process that locks the folder, and waits for the line that it prints. */
async function startHolder(prefix: readonly string[] = [], env: NodeJS.ProcessEnv = process.env) {
  const [command = '', ...args] = [...prefix, process.execPath, ...HOLDER, folder];
  const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  let line = '';
  for await (const chunk of child.stdout) {
    line += chunk;
    if (line.endsWith('\n')) break;
  }
  const [, processId, childId] = /^locked by (\d+), child (\d+)\n$/.exec(line) ?? [];
  if (childId !== undefined && prefix.length === 0) childrenOfHolders.push(Number(childId));
  return { child, line, processId };
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

async function isHeld(): Promise<boolean> {
  const lock = await openLocked(path, constants.O_RDWR);
  await lock?.close();
  return lock === undefined;
}

describe('the lock of a folder', () => {
  it('is refused while it is held, also by this process, and granted again after it is released', async () => {
    const { release } = await lockFolder(folder, LOCK);
    await expect(lockFolder(folder, LOCK)).rejects.toThrow(FolderInUseError);
    await expect(lockFolder(folder, LOCK)).rejects.toThrow(`is used by process ${process.pid}: stop that process`);
    await release();
    // Without its file, the next two processes could each lock a file of that name.
    expect(await readdir(folder)).toEqual([LOCK]);
    await (await lockFolder(folder, LOCK)).release();
  });

  it('is refused while another process holds it, and the error names process, host and time', async () => {
    const { processId } = await startHolder();
    const refusal = lockFolder(folder, LOCK);
    await expect(refusal).rejects.toThrow(`${folder} is used by process ${processId}: stop that process`);
    await expect(refusal).rejects.toThrow(/on host \S+ since \d{4}-\d{2}-\d{2}T\S+Z/);
  });

  it('left behind by a killed process goes to exactly one of five that start at the same time', async () => {
    const { child } = await startHolder();
    await kill(child);
    const starters = await Promise.all(Array.from({ length: 5 }, () => startHolder()));
    const lines = starters.map(({ line }) => line);
    expect(lines.filter((line) => line.startsWith('locked'))).toHaveLength(1);
    expect(lines.filter((line) => line.startsWith('refused:'))).toHaveLength(4);
  });

  it('ends with its holder, although a child of the holder still runs', async () => {
    const { child } = await startHolder();
    await kill(child);
    expect(childrenOfHolders.map((processId) => process.kill(processId, 0))).toEqual([true]);
    await (await lockFolder(folder, LOCK)).release();
  });

  it.each([
    ['an unrelated process that runs', '1\n'],
    ['an unrelated process that runs, in its present form', 'process 1\non host a since 2026-01-01T00:00:00.000Z\n'],
    ['nothing', ''],
  ])('is granted although its file, left behind, names %s', async (_, text) => {
    await writeFile(path, text);
    const { release } = await lockFolder(folder, LOCK);
    expect(await readFile(path, 'utf8')).toContain(`process ${process.pid}\n`);
    await release();
  });

  (namespacesWork ? it : it.skip)('excludes a process in another process id namespace', async () => {
    const { processId, child } = await startHolder(IN_A_NAMESPACE);
    expect(Number(processId)).toBeLessThan(10);
    expect((await startHolder()).line).toContain(`is used by process ${processId}`);
    await kill(child);
    // The holder is killed when its namespace ends, a moment after the program that made it.
    while (await isHeld()) await pause(20);
    const outside = await startHolder();
    expect(outside.line).toContain('locked');
    expect((await startHolder(IN_A_NAMESPACE)).line).toContain(`is used by process ${outside.processId}`);
  });

  it('is taken on the file that has the name at the end, if someone removes it on the way', async () => {
    let opened = 0;
    const { release } = await lockFolder(folder, LOCK, async (...args) => {
      const file = await openLocked(...args);
      opened += 1;
      if (opened === 1) await rm(path);
      return file;
    });
    expect(opened).toBe(2);
    await expect(lockFolder(folder, LOCK)).rejects.toThrow(FolderInUseError);
    await release();
  });

  it('is in a file that other users cannot read', async () => {
    await (await lockFolder(folder, LOCK)).release();
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('without the program flock is refused with the name of the package that has it', async () => {
    const { line } = await startHolder([], { ...process.env, PATH: folder });
    expect(line).toContain(`${path} cannot be locked: the program flock was not found on PATH: install`);
    expect(line).toContain('util-linux');
  });
});

describe('a lock file that is not a file', () => {
  it.each([
    ['a named pipe', async () => void execFileSync('mkfifo', [path])],
    ['a folder', () => mkdir(path)],
    ['a symbolic link', () => symlink(join(folder, 'nowhere'), path)],
    ['a symbolic link', () => writeFile(join(folder, 'other'), 'other').then(() => symlink('other', path))],
  ])('%s, is refused at once, and nothing is written through it', async (found, make) => {
    await make();
    const before = await readdir(folder);
    await expect(lockFolder(folder, LOCK)).rejects.toThrow(`${path} is ${found}, not a file: move it away`);
    expect(await readdir(folder)).toEqual(before);
    if (before.includes('other')) expect(await readFile(join(folder, 'other'), 'utf8')).toBe('other');
  });

  it('a socket, is refused at once', async () => {
    const server = net.createServer().listen(path);
    await once(server, 'listening');
    await expect(lockFolder(folder, LOCK)).rejects.toThrow(OddFileError);
    server.close();
  });
});

describe('a file that is opened with a lock', () => {
  it('is shared by readers, and excludes a writer until the last of them has closed it', async () => {
    const flags = constants.O_RDWR | constants.O_CREAT;
    const readers = [await openLocked(path, flags, 'shared'), await openLocked(path, flags, 'shared')];
    for (const reader of readers) {
      expect(await openLocked(path, flags)).toBeUndefined();
      await reader?.close();
    }
    const writer = await openLocked(path, flags);
    expect(await openLocked(path, flags, 'shared')).toBeUndefined();
    await writer?.close();
  });
});

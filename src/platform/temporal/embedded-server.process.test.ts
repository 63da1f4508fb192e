import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { FolderInUseError, lockFolder } from '../files/folder-lock.ts';
import type { DevServer } from './dev-server.ts';
import { startEmbeddedServer } from './embedded-server.ts';
import { findTemporalCli } from './find-cli.ts';

let databaseDir: string;
let folder: string;
let server: DevServer | undefined;
beforeEach(async () => {
  databaseDir = await mkdtemp(join(tmpdir(), 'embedded-server-'));
  folder = join(databaseDir, 'temporal');
  server = undefined;
});
afterEach(async () => {
  await server?.kill();
  await rm(databaseDir, { recursive: true });
});

const start = async () => startEmbeddedServer({ cliPath: await findTemporalCli(), databaseDir, port: 0, uiPort: 0 });

describe('the embedded Temporal server', () => {
  test('has its database for itself until it has ended, and nobody else can read it', async () => {
    server = await start();
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    const second = start();
    await expect(second).rejects.toThrow(FolderInUseError);
    await expect(second).rejects.toThrow(`${folder} is used by process ${process.pid}: stop that process`);
    await server.kill();
    await (await lockFolder(folder, '.dev-server.lock')).release();
  });

  test.each([
    ['a file', 'a folder', () => writeFile(folder, '')],
    ['a symbolic link', 'a folder', () => symlink(tmpdir(), folder)],
    ['a named pipe', 'a file', () => mkdir(folder).then(() => execFileSync('mkfifo', [join(folder, 'dev-server.db')]))],
  ])('does not use %s in the place of %s', async (found, expected, make) => {
    await make();
    await expect(start()).rejects.toThrow(`is ${found}, not ${expected}: move it away`);
  });
});

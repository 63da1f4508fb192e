import { execFileSync } from 'node:child_process';
import { lstat, mkdir, readdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';

/** What may be found where a file of the database is expected, each with a function that makes it at a path. */
export const ODD_FILES: readonly (readonly [string, (path: string) => Promise<unknown>])[] = [
  ['a named pipe', async (path) => execFileSync('mkfifo', [path])],
  ['a symbolic link', (path) => symlink(`${path}-that-does-not-exist`, path)],
  ['a folder', (path) => mkdir(path)],
];

/** Every file and folder below a folder that others than its owner may use, with its mode in octal digits. */
export async function openToOthers(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true });
  const modes = await Promise.all(names.map(async (name) => [name, (await lstat(join(folder, name))).mode] as const));
  return modes.filter(([, mode]) => (mode & 0o077) !== 0).map(([name, mode]) => `${name} ${mode.toString(8)}`);
}

import { rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { nanoid } from 'nanoid';
import { type Disk, realDisk } from './disk.ts';

/** Files whose names start with this are temporary: code that reads a folder ignores them. */
export const TEMPORARY_PREFIX = '.';

/**
 * Creates a file that is either absent or complete, is never overwritten, and is durable once this returns.
 * @returns `exists` if the file already exists; its content stays, and it is durable now
 * @throws what the disk throws; the file may exist then
 */
export async function createFileOnce(path: string, text: string, disk: Disk = realDisk): Promise<'created' | 'exists'> {
  const creation = await placeFileOnce(path, text, disk);
  await disk.syncFolder(dirname(path));
  return creation;
}

/**
 * The first part of {@link createFileOnce}: writes and syncs a temporary file, then links it into place. A power loss
 * may still remove the file until its folder is synced.
 * @throws what the disk throws; the file does not exist then
 */
export async function placeFileOnce(path: string, text: string, disk: Disk): Promise<'created' | 'exists'> {
  const temporary = join(dirname(path), `${TEMPORARY_PREFIX}${basename(path)}.${nanoid()}`);
  try {
    await disk.writeFile(temporary, text);
    return await disk.link(temporary, path);
  } finally {
    await rm(temporary, { force: true });
  }
}

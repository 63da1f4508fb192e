import { readdir, rm, stat, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { nanoid } from 'nanoid';
import { errorCode } from '../../contracts/errors.ts';
import { type Disk, realDisk } from './disk.ts';

/** Files whose names start with this are temporary: code that reads a folder ignores them. */
export const TEMPORARY_PREFIX = '.';

/** The name of a temporary file: that of the file that it was to become, between the prefix and a nanoid. */
const TEMPORARY_NAME = /^\..+\.jsonl?\.[\w-]{21}$/;

/** A process needs milliseconds to put a temporary file in place. */
const LEFT_BEHIND_AFTER_MS = 3_600_000;

/**
 * Removes the temporary files that killed processes have left in a folder and in the folders inside it.
 * @param options.shared other processes may create files there meanwhile, so files that changed within the last hour are
 *   kept, and the folders inside, which are not shared, are left alone; default false
 * @returns how many it removed
 */
export async function removeTemporaryFiles(folder: string, { shared = false } = {}): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true });
  const counts = entries.map(async (entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && !shared) return removeTemporaryFiles(path);
    if (!entry.isFile() || !TEMPORARY_NAME.test(entry.name)) return 0;
    if (shared && (await ageMs(path)) < LEFT_BEHIND_AFTER_MS) return 0;
    await rm(path, { force: true });
    return 1;
  });
  return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
}

/** 0 if the file is gone. */
async function ageMs(path: string): Promise<number> {
  try {
    return Date.now() - (await stat(path)).mtimeMs;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return 0;
    throw error;
  }
}

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
    await removeIfExists(temporary);
  }
}

/** As `rm` with `force`, which looks at the file first. */
async function removeIfExists(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
}

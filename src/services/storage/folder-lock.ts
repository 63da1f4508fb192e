import { rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { nanoid } from 'nanoid';
import { errorCode } from '../../contracts/errors.ts';
import { isAlive } from '../../platform/processes/is-alive.ts';
import { createFileOnce } from './create-file-once.ts';
import { readTextIfExists } from './disk.ts';

/** A running process uses the folder. */
export class FolderInUseError extends Error {
  override readonly name = 'FolderInUseError';
}

const heldByThisProcess = new Set<string>();

/**
 * Locks a folder for this process alone, with a lock file that contains its process id. The lock of a process that no
 * longer runs is taken over.
 * @param lockName a file name that starts with a dot
 * @returns a function that releases the folder
 * @throws FolderInUseError if another process, or this one, holds the lock
 */
export async function lockFolder(folder: string, lockName: string): Promise<() => Promise<void>> {
  const path = resolve(folder, lockName);
  if (heldByThisProcess.has(path)) throw inUse(folder, lockName, process.pid);
  heldByThisProcess.add(path);
  try {
    while ((await createFileOnce(path, `${process.pid}\n`)) === 'exists') await removeIfStale(folder, lockName);
  } catch (error) {
    heldByThisProcess.delete(path);
    throw error;
  }
  return async () => {
    await rm(path, { force: true });
    heldByThisProcess.delete(path);
  };
}

/** Renames the lock and checks it again before it removes it: of two processes only one can remove a stale lock. */
async function removeIfStale(folder: string, lockName: string): Promise<void> {
  const path = join(folder, lockName);
  const holder = await holderOf(path);
  if (holder === undefined) return;
  if (holds(holder)) throw inUse(folder, lockName, holder);
  const aside = `${path}.${nanoid()}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return;
    throw error;
  }
  const moved = await holderOf(aside);
  if (moved !== undefined && holds(moved)) {
    await rename(aside, path);
    throw inUse(folder, lockName, moved);
  }
  await rm(aside, { force: true });
}

/** The process id in a lock file; undefined if the file does not exist, 0 if it contains none. */
async function holderOf(path: string): Promise<number | undefined> {
  const text = await readTextIfExists(path);
  return text === undefined ? undefined : Number.parseInt(text, 10) || 0;
}

/** A lock with the id of this process that it does not hold was left by an earlier process with the same id. */
function holds(processId: number): boolean {
  return processId > 0 && processId !== process.pid && isAlive(processId);
}

function inUse(folder: string, lockName: string, holder: number): FolderInUseError {
  return new FolderInUseError(
    `${folder} is used by process ${holder}: stop that process, or use another folder` +
      ` (if process ${holder} is an unrelated program, remove ${join(folder, lockName)})`,
  );
}

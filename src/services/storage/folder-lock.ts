import { readFile, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { nanoid } from 'nanoid';
import { errorCode } from '../../contracts/errors.ts';
import { isAlive } from '../../platform/processes/is-alive.ts';
import { createFileOnce } from './create-file-once.ts';

/** Another process that is alive uses the folder. */
export class FolderInUseError extends Error {
  override readonly name = 'FolderInUseError';
}

const heldByThisProcess = new Set<string>();

/**
 * Takes a folder for this process alone, by a lock file that holds its process id. The lock of a process that is gone
 * is taken over.
 * @param lockName a file name that begins with a dot
 * @returns releases the folder
 * @throws FolderInUseError when another process, or this one, holds it
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

/** Moves the lock aside before it checks again, so that of two starters only one can remove the stale lock. */
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

/** The process id in a lock file; undefined when the file is gone, 0 when it holds none. */
async function holderOf(path: string): Promise<number | undefined> {
  try {
    return Number.parseInt(await readFile(path, 'utf8'), 10) || 0;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** A lock of this very process id that this process does not hold was left by an earlier one. */
function holds(processId: number): boolean {
  return processId > 0 && processId !== process.pid && isAlive(processId);
}

function inUse(folder: string, lockName: string, holder: number): FolderInUseError {
  return new FolderInUseError(
    `${folder} is used by process ${holder}: stop that one, or use another folder` +
      ` (when process ${holder} is something else, remove ${join(folder, lockName)})`,
  );
}

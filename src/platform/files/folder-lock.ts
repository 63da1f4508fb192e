import { constants } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { type OpenLocked, openLocked } from './open-locked.ts';
import { leadsTo, openRegularFile } from './open-regular-file.ts';

/** A running process uses the folder. */
export class FolderInUseError extends Error {
  override readonly name = 'FolderInUseError';
}

export interface FolderLock {
  /** The lock lasts while this is open, here or in a process that has inherited it. */
  readonly file: FileHandle;
  /** Releases the folder. */
  release(): Promise<void>;
}

/** The longest text that a lock file of ours contains. */
const MAX_HOLDER_BYTES = 512;
const HOLDER = /^process (\d+)\n(on host \S+ since \S+)\n$/;

/**
 * Locks a folder for this process alone, by a lock of the operating system on a lock file. The lock ends with this
 * process, so one that was left behind never blocks. The file stays: if it were removed, two processes could each lock
 * a file of that name. What it contains is only for the error message.
 * @param lockName a file name that starts with a dot
 * @param open default {@link openLocked}
 * @throws FolderInUseError if another process, or this one, holds the lock
 * @throws OddFileError, LockUnavailableError, or what the file system throws
 */
export async function lockFolder(folder: string, lockName: string, open: OpenLocked = openLocked): Promise<FolderLock> {
  const path = join(folder, lockName);
  const file = await lockFile(path, open);
  if (file === undefined) throw await inUse(folder, path);
  // On a full disk the folder can still be read.
  await writeHolder(file).catch(() => undefined);
  return {
    file,
    async release() {
      await file.truncate(0).catch(() => undefined);
      await file.close();
    },
  };
}

/**
 * Opens and locks the file that has this name, which is created if it is missing; someone may remove it between the two.
 * @returns undefined if it is locked elsewhere
 * @throws OddFileError, LockUnavailableError, or what the file system throws
 */
export async function lockFile(path: string, open: OpenLocked = openLocked): Promise<FileHandle | undefined> {
  for (;;) {
    const file = await open(path, constants.O_RDWR | constants.O_CREAT);
    if (file === undefined || (await leadsTo(path, file))) return file;
    await file.close();
  }
}

async function writeHolder(file: FileHandle): Promise<void> {
  await file.truncate(0);
  await file.write(`process ${process.pid}\non host ${hostname()} since ${new Date().toISOString()}\n`, 0);
}

async function inUse(folder: string, path: string): Promise<FolderInUseError> {
  const [, processId, details] = HOLDER.exec(await readHolder(path)) ?? [];
  const holder = processId === undefined ? 'another process' : `process ${processId}`;
  const more = details === undefined ? '' : ` (it locked ${path} ${details})`;
  return new FolderInUseError(`${folder} is used by ${holder}: stop that process, or use another folder${more}`);
}

/** Empty where it cannot be read, as on a network disk that lets only the holder of a lock read. */
async function readHolder(path: string): Promise<string> {
  try {
    const file = await openRegularFile(path, constants.O_RDONLY);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(MAX_HOLDER_BYTES), 0, MAX_HOLDER_BYTES, 0);
      return buffer.toString('utf8', 0, bytesRead);
    } finally {
      await file.close();
    }
  } catch {
    return '';
  }
}

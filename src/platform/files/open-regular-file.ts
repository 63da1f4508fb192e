import { constants, fstatSync, lstatSync, openSync, type Stats } from 'node:fs';
import { type FileHandle, lstat, open } from 'node:fs/promises';

/** A path names something of another kind than expected, such as a symbolic link or a named pipe. */
export class OddFileError extends Error {
  override readonly name = 'OddFileError';
  /** What is there, such as `a named pipe`. */
  readonly found: string;

  constructor(path: string, found: string, expected: string, options?: ErrorOptions) {
    super(`${path} is ${found}, not ${expected}: move it away`, options);
    this.found = found;
  }
}

/**
 * Opens a file of ours. It never follows a symbolic link in the last part of the path, and never waits for the other
 * end of a named pipe, which would block a thread of the file system for ever. A file that it creates can be read by
 * this user alone.
 * @param flags such as `constants.O_RDONLY`
 * @throws OddFileError if the path names anything but a regular file; otherwise what open(2) throws
 */
export async function openRegularFile(path: string, flags: number): Promise<FileHandle> {
  const file = await open(path, flags | constants.O_NOFOLLOW | constants.O_NONBLOCK, 0o600).catch((error: unknown) => {
    throw openError('a file', path, error);
  });
  try {
    // For an open file this neither waits nor costs what a call in another thread does.
    const found = fstatSync(file.fd);
    if (!found.isFile()) throw new OddFileError(path, kindOf(found), 'a file');
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

/**
 * Opens a folder of ours, to sync it or to hold it. A folder that is in use is in memory, so this waits for no disk.
 * @returns its descriptor
 * @throws OddFileError if the path names anything else, also a symbolic link to a folder
 */
export function openFolder(path: string): number {
  try {
    return openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_DIRECTORY);
  } catch (error) {
    throw openError('a folder', path, error);
  }
}

/** Whether a path names the very file that is open. */
export async function leadsTo(path: string, file: FileHandle): Promise<boolean> {
  const opened = await file.stat({ bigint: true });
  const named = lstatSync(path, { bigint: true, throwIfNoEntry: false });
  return named?.ino === opened.ino && named.dev === opened.dev;
}

/**
 * Checks that a path names a regular file itself, for another program that opens it.
 * @throws OddFileError; ENOENT if there is nothing
 */
export async function refuseOddFile(path: string): Promise<void> {
  const found = await lstat(path);
  if (!found.isFile()) throw new OddFileError(path, kindOf(found), 'a file');
}

/**
 * Checks that a path names a folder itself, not a symbolic link to one. On a local disk this takes microseconds, a tenth of
 * what a call in another thread costs.
 * @throws OddFileError; ENOENT if there is nothing
 */
export function refuseOddFolder(path: string): void {
  const found = lstatSync(path);
  if (!found.isDirectory()) throw new OddFileError(path, kindOf(found), 'a folder');
}

/** The codes of open(2) for an odd file differ between systems: ELOOP, EISDIR, ENOTDIR, ENXIO, EOPNOTSUPP. */
function openError(expected: 'a file' | 'a folder', path: string, error: unknown): unknown {
  const found = statIfPossible(path);
  if (found === undefined || kindOf(found) === expected) return error;
  return new OddFileError(path, kindOf(found), expected, { cause: error });
}

function statIfPossible(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

function kindOf(stats: Stats): string {
  if (stats.isFile()) return 'a file';
  if (stats.isDirectory()) return 'a folder';
  if (stats.isSymbolicLink()) return 'a symbolic link';
  if (stats.isFIFO()) return 'a named pipe';
  return stats.isSocket() ? 'a socket' : 'a device';
}

import { spawnSync } from 'node:child_process';
import type { FileHandle } from 'node:fs/promises';
import { errorCode, errorMessage } from '../../contracts/errors.ts';
import { openRegularFile } from './open-regular-file.ts';

/** Any number of open files share a shared lock; an exclusive one excludes all others. */
type Lock = 'exclusive' | 'shared';

/**
 * Opens a file and locks it.
 * @param flags of open(2)
 * @param lock default exclusive
 * @returns undefined if it is open elsewhere with a lock that excludes this one
 */
export type OpenLocked = (path: string, flags: number, lock?: Lock) => Promise<FileHandle | undefined>;

/** The operating system cannot lock the file; the message says why and what to do. */
export class LockUnavailableError extends Error {
  override readonly name = 'LockUnavailableError';
}

/** On macOS open(2) locks by itself. Node has no names for these flags. */
const MACOS_FLAGS = { shared: 0x10, exclusive: 0x20 } as const;
/** `flock` responds at once, unless the server of a network disk does not. */
const FLOCK_TIMEOUT_MS = 10_000;

/** Node closes a file that nothing refers to, and its lock would end with it. */
const open = new Set<FileHandle>();

function keepOpen(file: FileHandle): FileHandle {
  // A closed file has no descriptor.
  for (const each of open) if (each.fd < 0) open.delete(each);
  open.add(file);
  return file;
}

/**
 * The lock of the operating system, flock(2). It belongs to the open file, not to a process id: it ends when the file is
 * closed or this process dies, however it dies, and it also holds between containers that share a folder.
 * https://man7.org/linux/man-pages/man2/flock.2.html
 * @throws OddFileError, LockUnavailableError, or what open(2) throws
 */
export const openLocked: OpenLocked = async (path, flags, lock = 'exclusive') =>
  process.platform === 'darwin' ? openLockedOnMacos(path, flags, lock) : openThenFlock(path, flags, lock);

async function openLockedOnMacos(path: string, flags: number, lock: Lock): Promise<FileHandle | undefined> {
  try {
    return keepOpen(await openRegularFile(path, flags | MACOS_FLAGS[lock]));
  } catch (error) {
    // EWOULDBLOCK, which has the same number.
    if (errorCode(error) === 'EAGAIN') return undefined;
    throw error;
  }
}

async function openThenFlock(path: string, flags: number, lock: Lock): Promise<FileHandle | undefined> {
  const file = await openRegularFile(path, flags);
  try {
    if (flock(file.fd, lock, path)) return keepOpen(file);
  } catch (error) {
    await file.close();
    throw error;
  }
  await file.close();
  return undefined;
}

/**
 * Node has no flock(2), but the program of that name locks a descriptor that it inherits, and this process keeps the
 * lock because both share the open file. No other child inherits it: Node opens files with O_CLOEXEC.
 * @returns false if the lock is taken
 */
function flock(descriptor: number, lock: Lock, path: string): boolean {
  const { error, status, stderr } = spawnSync('flock', [lock === 'exclusive' ? '-x' : '-s', '-n', '3'], {
    stdio: ['ignore', 'ignore', 'pipe', descriptor],
    encoding: 'utf8',
    timeout: FLOCK_TIMEOUT_MS,
  });
  if (error !== undefined) {
    const hint =
      errorCode(error) === 'ENOENT'
        ? 'the program flock was not found on PATH: install the package util-linux'
        : `the program flock failed: ${errorMessage(error)}`;
    throw new LockUnavailableError(`${path} cannot be locked: ${hint}`, { cause: error });
  }
  if (status === 0) return true;
  // A taken lock is reported by the status alone; every other failure has a message.
  if (status === 1 && stderr === '') return false;
  throw new LockUnavailableError(
    `${path} cannot be locked: ${stderr.trim() || `flock ended with ${status}`}: use a folder on a local disk`,
  );
}

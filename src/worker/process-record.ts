import { execFile } from 'node:child_process';
import { constants, existsSync } from 'node:fs';
import { mkdir, readdir, readFile, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { errorCode } from '../contracts/errors.ts';
import { lockFile } from '../platform/files/folder-lock.ts';
import { LockUnavailableError, type OpenLocked, openLocked } from '../platform/files/open-locked.ts';
import { leadsTo } from '../platform/files/open-regular-file.ts';

const run = promisify(execFile);

const LOCK_ATTEMPTS = 20;
const LOCK_EVERY_MS = 50;

/** A process that runs now and has recorded itself. */
export interface RecordedProcess {
  readonly processId: number;
  /** What it has recorded. Anyone with access to the folder may have written it. */
  readonly details: unknown;
  /** Its file, which it keeps locked as long as it runs. */
  readonly path: string;
}

/**
 * Records that this process is running, in a file that it keeps locked: the record of a dead process is recognized by
 * its lock, which ends with the process, and never by its process id, which another program may have by now.
 * @param folder created if only the last part of its path is missing
 * @param details what others need to know, as JSON
 * @returns a function that removes the record
 * @throws LockUnavailableError, or what the file system throws
 */
export async function recordProcess(folder: string, details: object): Promise<() => Promise<void>> {
  await mkdir(folder, { mode: 0o700 }).catch((error: unknown) => {
    if (errorCode(error) !== 'EEXIST') throw error;
  });
  const path = join(folder, `${process.pid}.json`);
  const file = await lockUnlessSwept(path);
  await file.truncate(0);
  await file.write(`${JSON.stringify({ processId: process.pid, ...details })}\n`, 0);
  return async () => {
    await unlink(path).catch(() => undefined);
    await file.close();
  };
}

/** A search for dead records holds each lock for a moment. */
async function lockUnlessSwept(path: string) {
  for (let attempt = 1; ; attempt += 1) {
    const file = await lockFile(path);
    if (file !== undefined) return file;
    if (attempt === LOCK_ATTEMPTS) throw new Error(`${path} is locked by another process`);
    await pause(LOCK_EVERY_MS);
  }
}

/**
 * The processes that have recorded themselves in a folder and are still running. Removes the records of the others.
 * @param onUnreadable called with each record that this user cannot open, which is skipped
 * @throws LockUnavailableError, or what the file system throws
 */
export async function recordedProcesses(
  folder: string,
  onUnreadable: (error: unknown) => void = () => undefined,
): Promise<readonly RecordedProcess[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  });
  const found: RecordedProcess[] = [];
  for (const path of names.filter((name) => name.endsWith('.json')).map((name) => join(folder, name))) {
    try {
      const record = await readLocked(path);
      if (record !== undefined) found.push(record);
    } catch (error) {
      if (error instanceof LockUnavailableError) throw error;
      onUnreadable(error);
    }
  }
  return found;
}

async function readLocked(path: string): Promise<RecordedProcess | undefined> {
  if (!(await isRecordHeld(path))) return undefined;
  try {
    const details: unknown = JSON.parse(await readFile(path, 'utf8'));
    const processId = typeof details === 'object' && details !== null ? Reflect.get(details, 'processId') : undefined;
    return Number.isSafeInteger(processId) && processId > 0 ? { processId, details, path } : undefined;
  } catch {
    // It has ended since, or it is about to write its record.
    return undefined;
  }
}

/**
 * Whether the process of a record is still running. Removes the record if not; another process may do the same, and a new
 * one may record itself under this name, between any two steps.
 * @param open default {@link openLocked}
 */
export async function isRecordHeld(path: string, open: OpenLocked = openLocked): Promise<boolean> {
  try {
    for (;;) {
      const file = await open(path, constants.O_RDWR);
      if (file === undefined) return true;
      const isDead = await leadsTo(path, file);
      if (isDead) await unlink(path).catch(() => undefined);
      await file.close();
      if (isDead) return false;
    }
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}

/**
 * Kills the process of a record with SIGKILL, and never a stranger: only if the process with that id has this very
 * record open. In another container, or on another machine that shares the folder, the id means another process.
 * @returns whether it was killed
 */
export async function killRecorded({ processId, path }: RecordedProcess): Promise<boolean> {
  try {
    if (!(await hasOpen(processId, path))) return false;
    process.kill(processId, 'SIGKILL');
    return true;
  } catch (error) {
    if (errorCode(error) === 'ESRCH' || errorCode(error) === 'EPERM') return false;
    throw error;
  }
}

async function hasOpen(processId: number, path: string): Promise<boolean> {
  if (!existsSync('/proc/self/fd')) return hasOpenByLsof(processId, path);
  const record = await stat(path, { bigint: true }).catch(() => undefined);
  const folder = `/proc/${processId}/fd`;
  const descriptors = await readdir(folder).catch(() => []);
  for (const descriptor of descriptors) {
    const opened = await stat(join(folder, descriptor), { bigint: true }).catch(() => undefined);
    if (opened !== undefined && opened.ino === record?.ino && opened.dev === record.dev) return true;
  }
  return false;
}

/** macOS has no /proc, but this program. It fails if the process does not have the file open. */
async function hasOpenByLsof(processId: number, path: string): Promise<boolean> {
  return run('lsof', ['-t', '-a', '-p', String(processId), '--', path]).then(
    ({ stdout }) => stdout.trim() === String(processId),
    () => false,
  );
}

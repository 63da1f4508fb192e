import { type BigIntStats, closeSync, fstatSync, lstatSync } from 'node:fs';
import { basename } from 'node:path';
import type { FastifyBaseLogger } from 'fastify';
import { errorCode, errorMessage } from '../../contracts/errors.ts';
import { openFolder } from '../../platform/files/open-regular-file.ts';

/**
 * A folder or file of the database is not where it was opened. Nothing can be said about what it contains, not even that
 * it contains nothing, so every request is refused until it is back.
 */
export class DatabaseMissingError extends Error {
  override readonly name = 'DatabaseMissingError';
  /** The code of the response. */
  readonly code = 'DATABASE_MISSING';

  constructor(what: string, cause?: unknown) {
    super(`${what}: put it back and this service continues, or restart the service to use what is there now`, {
      cause,
    });
  }
}

/**
 * Checks that a path leads to a file or folder that was opened earlier.
 * @returns the size of the file now, in bytes
 * @throws DatabaseMissingError if the path leads nowhere or to another file
 */
export type CheckPlace = () => number;

/**
 * Remembers which file or folder a path leads to.
 * @param opened what was opened there. A descriptor of it must stay open: as long as it does, no other file can get the
 *   same inode number
 */
export function rememberPlace(path: string, opened: Pick<BigIntStats, 'dev' | 'ino'>): CheckPlace {
  const name = basename(path);
  return () => {
    const found = statOrMissing(path, name);
    if (found.dev !== opened.dev || found.ino !== opened.ino) {
      throw new DatabaseMissingError(`${name} was replaced since this service opened it`);
    }
    return Number(found.size);
  };
}

function statOrMissing(path: string, name: string): BigIntStats {
  try {
    // What is held open is in memory, so this waits for no disk; a call in another thread would cost ten times as much.
    return lstatSync(path, { bigint: true });
  } catch (error) {
    const reason = errorCode(error) === 'ENOENT' ? 'is missing' : `cannot be reached (${errorMessage(error)})`;
    throw new DatabaseMissingError(`${name} ${reason}`, error);
  }
}

/**
 * The folders and files of a database that a service has opened. A missing folder looks like an empty one, and a file
 * that was moved away can still be written; so what was read or committed counts only if all parts are in place after it.
 */
export interface DatabaseParts extends ClaimsThatHold {
  close(): void;
}

export interface ClaimsThatHold {
  /**
   * Runs work on the database. Its result, and its error, count only if every part is in place afterwards.
   * @throws DatabaseMissingError otherwise
   */
  whileInPlace<Result>(work: () => Promise<Result>): Promise<Result>;
  /** Reads as `whileInPlace` does, and again where nothing was found: the parts may have come back only after the read. */
  readInPlace<Result>(read: () => Promise<Result>, isNothing: (result: Result) => boolean): Promise<Result>;
}

/** @param check fails unless every part is in place */
export function claimsThatHold(check: () => void): ClaimsThatHold {
  /** If a part is missing, that explains the error. */
  function explain(error: unknown): never {
    check();
    throw error;
  }

  async function whileInPlace<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = await work().catch(explain);
    check();
    return result;
  }

  return {
    whileInPlace,
    async readInPlace(read, isNothing) {
      const found = await whileInPlace(read);
      return isNothing(found) ? whileInPlace(read) : found;
    },
  };
}

/** Where a service says that its database is missing or back. */
export type PlaceLog = Pick<FastifyBaseLogger, 'error' | 'warn'>;

/** Makes a check write one line to the log when it begins to fail, and one when it succeeds again. */
export function logChanges(check: () => void, log?: PlaceLog): () => void {
  let isInPlace = true;
  return () => {
    try {
      check();
    } catch (error) {
      if (isInPlace) log?.error({ err: error }, `requests are refused: ${errorMessage(error)}`);
      isInPlace = false;
      throw error;
    }
    if (!isInPlace) log?.warn('the database is back in its place: requests are handled again');
    isInPlace = true;
  };
}

/**
 * Holds the folders of a database open.
 * @param checks of its files, which their owners hold open
 */
export function holdParts(folders: readonly string[], checks: readonly (() => void)[], log: PlaceLog): DatabaseParts {
  const held: number[] = [];
  const close = () => {
    for (const descriptor of held.splice(0)) closeSync(descriptor);
  };
  const all: (() => void)[] = [...checks];
  try {
    for (const folder of folders) {
      const descriptor = openFolder(folder);
      held.push(descriptor);
      all.push(rememberPlace(folder, fstatSync(descriptor, { bigint: true })));
    }
  } catch (error) {
    close();
    throw error;
  }
  const check = logChanges(() => {
    for (const isInPlace of all) isInPlace();
  }, log);
  return { ...claimsThatHold(check), close };
}

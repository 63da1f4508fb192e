import { access, constants, realpath, stat } from 'node:fs/promises';
import { errorCode } from '../../contracts/errors.ts';

/** The database folder cannot be used; the message says why and what to do. */
export class DatabaseUnusableError extends Error {
  override readonly name = 'DatabaseUnusableError';
}

/**
 * Finds the folder of a database. Its own path may be a symbolic link; nothing in the folder may.
 * @returns the path without symbolic links
 * @throws DatabaseUnusableError unless the folder exists and can be written
 */
export async function findDatabaseFolder(databaseDir: string): Promise<string> {
  const hint = 'set DATABASE_DIR to a folder that exists and can be written';
  try {
    if (!(await stat(databaseDir)).isDirectory())
      throw new DatabaseUnusableError(`${databaseDir} is not a folder: ${hint}`);
    await access(databaseDir, constants.R_OK | constants.W_OK | constants.X_OK);
    return await realpath(databaseDir);
  } catch (error) {
    if (error instanceof DatabaseUnusableError) throw error;
    const reason =
      errorCode(error) === 'ENOENT' ? 'does not exist' : `cannot be written (${errorCode(error) ?? error})`;
    throw new DatabaseUnusableError(`the database folder ${databaseDir} ${reason}: ${hint}`, { cause: error });
  }
}

import { basename } from 'node:path';
import { errorMessage } from '../../contracts/errors.ts';

/** A line of a journal cannot be read. A person has to repair the file before it is used again. */
export class JournalDamagedError extends Error {
  override readonly name = 'JournalDamagedError';

  constructor(path: string, lineNumber: number, reason: string) {
    super(`${basename(path)}, line ${lineNumber}: ${reason}; restore the file, or repair it by hand`);
  }
}

/**
 * A sync has failed, a failed write could not be undone, or somebody else has changed the file. The kernel may have dropped what it could not write, and it
 * reports this only once, so a second sync proves nothing: the file has to be read again.
 */
export class DurabilityUnknownError extends Error {
  override readonly name = 'DurabilityUnknownError';
  /** The code of the response. */
  readonly code = 'DATABASE_UNSURE';

  constructor(path: string, cause: unknown) {
    const reason = errorMessage(cause);
    super(
      `it is unknown how much of ${basename(path)} is on disk (${reason}): check the disk and restart the service`,
      {
        cause,
      },
    );
  }
}

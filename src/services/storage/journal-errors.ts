import { basename } from 'node:path';
import { errorMessage } from '../../contracts/errors.ts';

/** A line inside a journal cannot be read: somebody has to look at it, so nothing may go on. */
export class JournalDamagedError extends Error {
  override readonly name = 'JournalDamagedError';

  constructor(path: string, lineNumber: number, reason: string) {
    super(`${basename(path)}, line ${lineNumber}: ${reason}; restore the file, or mend it by hand`);
  }
}

/**
 * A sync, or the undoing of a failed write, has failed. The kernel may have dropped what it could not write and reports
 * that once, so another sync proves nothing: only reading the file anew tells what is in it.
 */
export class DurabilityUnknownError extends Error {
  override readonly name = 'DurabilityUnknownError';

  constructor(path: string, cause: unknown) {
    const reason = errorMessage(cause);
    super(`nobody knows what of ${basename(path)} is on disk (${reason}): look at the disk and restart the service`, {
      cause,
    });
  }
}

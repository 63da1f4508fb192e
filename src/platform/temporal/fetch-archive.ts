import { execFile } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { isNativeError } from 'node:util/types';
import { errorMessage } from '../../contracts/errors.ts';
import { TimedOut, withTimeout } from '../../resilience/time-out.ts';

const run = promisify(execFile);

export interface ArchiveLimits {
  /** Until the server has begun to answer; default 4 s, for on many machines it cannot be reached at all. */
  readonly answerMs?: number;
  /** Until the whole archive is there; default 5 min. */
  readonly wholeMs?: number;
}

/**
 * Fetches the vendor's archive and unpacks it.
 * @returns the path of the program in `folder`
 * @throws when it cannot be fetched in time or unpacked
 */
export async function fetchArchive(
  url: string,
  folder: string,
  { answerMs = 4_000, wholeMs = 300_000 }: ArchiveLimits = {},
): Promise<string> {
  const archive = join(folder, 'archive.tar.gz');
  try {
    const answer = await withTimeout((signal) => fetch(url, { signal }), { timeoutMs: answerMs, what: 'answer' });
    if (!answer.ok || answer.body === null) throw new Error(`the answer was ${answer.status}`);
    const body = Readable.fromWeb(answer.body);
    await withTimeout((signal) => pipeline(body, createWriteStream(archive), { signal }), {
      timeoutMs: wholeMs,
      what: 'whole archive',
    });
  } catch (error) {
    throw new Error(reasonOf(error), { cause: error });
  }
  await run('tar', ['-xzf', archive, '-C', folder, 'temporal']);
  return join(folder, 'temporal');
}

/** Of `fetch`, the message says no more than 'fetch failed'; the reason is its cause. */
function reasonOf(error: unknown): string {
  if (error instanceof TimedOut) return error.message;
  return errorMessage(isNativeError(error) ? (error.cause ?? error) : error);
}

import { execFile } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { isNativeError } from 'node:util/types';
import { errorMessage } from '../processes/error-message.ts';

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
  const aborted = new AbortController();
  let timer = setTimeout(() => aborted.abort(new Error(`no answer within ${answerMs / 1000} s`)), answerMs);
  try {
    const answer = await fetch(url, { signal: aborted.signal });
    clearTimeout(timer);
    if (!answer.ok || answer.body === null) throw new Error(`the answer was ${answer.status}`);
    timer = setTimeout(() => aborted.abort(new Error(`not whole after ${wholeMs / 1000} s`)), wholeMs);
    await pipeline(Readable.fromWeb(answer.body), createWriteStream(archive), { signal: aborted.signal });
  } catch (error) {
    throw new Error(reasonOf(aborted.signal.aborted ? aborted.signal.reason : error), { cause: error });
  } finally {
    clearTimeout(timer);
  }
  await run('tar', ['-xzf', archive, '-C', folder, 'temporal']);
  return join(folder, 'temporal');
}

/** Of `fetch`, the message says no more than 'fetch failed'; the reason is its cause. */
function reasonOf(error: unknown): string {
  return errorMessage(isNativeError(error) ? (error.cause ?? error) : error);
}

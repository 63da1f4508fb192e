import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, chmod, constants, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { CLI_VERSION } from './cli-release.ts';

/** Where a fetched Temporal CLI is kept: in the user's cache folder, so that it outlives a clone. */
export function cachedCliPath(env: NodeJS.ProcessEnv, platform: string = process.platform): string {
  const home = env.HOME || homedir();
  const ofTheSystem = platform === 'darwin' ? join(home, 'Library', 'Caches') : join(home, '.cache');
  return join(env.XDG_CACHE_HOME || ofTheSystem, 'temporal-ticketing', `temporal-cli-${CLI_VERSION}`, 'temporal');
}

/** Whether something is there that may be run. */
export async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/**
 * Puts a program into the cache: whole and checked or not at all, also when two processes do it at once.
 * @param fetchInto gets an empty folder and answers with the path of the program in it
 * @throws when the program is not the one that is expected
 */
export async function putIntoCache(
  cachedPath: string,
  sha256: string,
  fetchInto: (folder: string) => Promise<string>,
): Promise<void> {
  const parent = dirname(cachedPath);
  await mkdir(parent, { recursive: true });
  // Beside its place, for a rename is atomic within one file system only.
  const folder = await mkdtemp(join(parent, 'fetching-'));
  try {
    const program = await fetchInto(folder);
    const came = await sha256Of(program);
    if (came !== sha256) throw new Error(`what came is not the release: its sha256 is ${came}, expected ${sha256}`);
    await chmod(program, 0o755);
    await rename(program, cachedPath);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

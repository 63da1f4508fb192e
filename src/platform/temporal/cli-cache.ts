import { access, constants, lstat, mkdir, mkdtemp } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { CLI_VERSION } from './cli-release.ts';

const NAME = 'temporal-ticketing';

/**
 * Where the Temporal CLI may have been kept: the user's cache folder, because it outlives a clone, and the folder that is
 * used where that one cannot be written.
 */
export async function cachedCliPaths(env: NodeJS.ProcessEnv): Promise<readonly string[]> {
  const folders = [userFolder(env), (await isOwn(temporaryFolder(env))) ? temporaryFolder(env) : undefined];
  return folders.flatMap((folder) => (folder === undefined ? [] : [cliIn(folder)]));
}

/**
 * Where to keep a Temporal CLI: in the first of these folders that can be written, otherwise in a new temporary one.
 * @throws what the file system throws when there is no such folder at all
 */
export async function writableCliPath(env: NodeJS.ProcessEnv): Promise<string> {
  const [user, temporary] = [userFolder(env), temporaryFolder(env)];
  if (user !== undefined && (await isWritable(user))) return cliIn(user);
  // Its name can be guessed, so another user may have created it.
  if ((await isWritable(temporary)) && (await isOwn(temporary))) return cliIn(temporary);
  return cliIn(await mkdtemp(`${temporary}-`));
}

function cliIn(folder: string): string {
  return join(folder, `temporal-cli-${CLI_VERSION}`, 'temporal');
}

/** Undefined for a user without a home, as in many containers. */
function userFolder(env: NodeJS.ProcessEnv): string | undefined {
  if (env.XDG_CACHE_HOME) return join(env.XDG_CACHE_HOME, NAME);
  const home = env.HOME || homeOfUser();
  if (home === undefined) return undefined;
  return process.platform === 'darwin' ? join(home, 'Library', 'Caches', NAME) : join(home, '.cache', NAME);
}

function homeOfUser(): string | undefined {
  try {
    return homedir();
  } catch {
    return undefined;
  }
}

function temporaryFolder(env: NodeJS.ProcessEnv): string {
  return join(env.TMPDIR || tmpdir(), `${NAME}-${process.getuid?.() ?? 'user'}`);
}

/** Creates it if it does not exist. */
async function isWritable(folder: string): Promise<boolean> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await access(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** Whether it is a folder that nobody but this user can write. */
async function isOwn(folder: string): Promise<boolean> {
  const found = await lstat(folder).catch(() => undefined);
  if (found === undefined || !found.isDirectory()) return false;
  return found.uid === process.getuid?.() && (found.mode & 0o022) === 0;
}

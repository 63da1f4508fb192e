// Makes node_modules match package-lock.json: silent when it does already, otherwise `npm ci`. When several processes are
// started at once, one of them installs. Exits with code 1 when the installation fails or Node is too old.
// Programs need the packages of production only; run by itself, this script makes sure of all packages.
// It runs before anything is installed, so it uses only Node's own modules.
import { spawn, spawnSync } from 'node:child_process';
import {
  accessSync,
  closeSync,
  constants,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  realpathSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const GUARD = join(ROOT, 'src/platform/processes/guard.mjs');
const GUARD_GRACE_MS = 5_000;
/** Also what the user's configuration of npm omits. */
const NPM_CI = ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error'];
/** Of open(2) on macOS. Node has no name for it. */
const O_EXLOCK = 0x20;

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  await ensureInstalled({ development: true });
}

/** @param development whether the packages for development are needed as well */
export async function ensureInstalled({ development }) {
  const problem = nodeProblem() ?? (isInstalled(development) ? undefined : await install(development));
  if (problem === undefined) return;
  console.error(problem);
  process.exit(1);
}

function nodeProblem() {
  const { name, engines } = readJson('package.json');
  const needed = engines.node.replace('>=', '');
  const present = process.versions.node;
  if (present.localeCompare(needed, 'en', { numeric: true }) >= 0) return undefined;
  const [major] = needed.split('.');
  return [
    `${name} needs Node ${needed} or newer, but this is Node ${present} (${process.execPath}).`,
    `  - with nvm: nvm install ${major} && nvm use ${major}`,
    '  - otherwise: https://nodejs.org/en/download',
  ].join('\n');
}

/**
 * npm writes its own lockfile at the end of an installation. It may lack packages for other platforms, and those for
 * development if they are not needed. Packages that package-lock.json does not name matter only to development.
 */
function isInstalled(development) {
  const { packages: installed } = readJson('node_modules/.package-lock.json', { packages: undefined });
  if (installed === undefined) return false;
  const { packages: wanted = {} } = readJson('package-lock.json');
  const needed = Object.entries(wanted).filter(([path, { dev }]) => path !== '' && (development || !dev));
  return (
    needed.every(([path, { integrity, ...wants }]) =>
      path in installed ? installed[path].integrity === integrity : isForOthers(wants),
    ) &&
    (!development || Object.keys(installed).every((path) => path in wanted))
  );
}

/** Whether a package may be missing here. One that is made for this very platform must not, even though it is optional. */
function isForOthers({ optional, devOptional, os, cpu, libc }) {
  if (!optional && !devOptional) return false;
  if (os === undefined && cpu === undefined) return true;
  const isHere = (names, name) => names === undefined || names.includes(name());
  return !(isHere(os, () => process.platform) && isHere(cpu, () => process.arch) && isHere(libc, thisLibc));
}

function thisLibc() {
  return process.report.getReport().header.glibcVersionRuntime === undefined ? 'musl' : 'glibc';
}

async function install(development) {
  if (process.env.NODE_ENV === 'production') {
    return `The packages are incomplete, and with NODE_ENV=production they are not installed by themselves: npm ci --${development ? 'include' : 'omit'}=dev`;
  }
  if (!isWritable(ROOT)) {
    return `The packages are incomplete, and this user may not install them in ${ROOT}: run npm ci as its owner.`;
  }
  const lock = await takeLock();
  try {
    return isInstalled(development) ? undefined : await installProblem(lock);
  } finally {
    closeSync(lock);
  }
}

/**
 * Waits until no other process installs. The lock is one of the operating system on the project's folder itself: it ends
 * with the processes that hold it, however they end, and leaves nothing behind.
 * @returns the locked descriptor
 */
async function takeLock() {
  let progress;
  for (let waiting = false; ; waiting = true) {
    const lock = tryLock();
    if (lock !== undefined) {
      progress?.end();
      return lock;
    }
    if (!waiting) progress = showProgress('waiting for another process, which is installing the packages');
    await pause(200);
  }
}

function tryLock() {
  if (process.platform === 'darwin') {
    try {
      return openSync(ROOT, constants.O_RDONLY | constants.O_NONBLOCK | O_EXLOCK);
    } catch (error) {
      if (error.code === 'EAGAIN') return undefined;
      throw error;
    }
  }
  const descriptor = openSync(ROOT, 'r');
  // Node has no flock(2), but the program of that name locks a descriptor that it inherits.
  const { status } = spawnSync('flock', ['-xn', '3'], { stdio: ['ignore', 'ignore', 'ignore', descriptor] });
  // Where the program is missing, or the disk knows no locks, a single installation works all the same.
  if (status !== 1) return descriptor;
  closeSync(descriptor);
  return undefined;
}

async function installProblem(lock) {
  const startedAt = performance.now();
  const progress = showProgress('installing packages (npm ci)', 'the first time only, about half a minute');
  const failure = await npmCi(lock, progress);
  progress.end();
  if (failure === undefined) {
    console.error(`installed packages in ${Math.round((performance.now() - startedAt) / 1_000)} s`);
    return undefined;
  }
  return [
    'The packages could not be installed.',
    `  tried:   npm ${NPM_CI.join(' ')}   (in ${ROOT})`,
    `  failed:  ${failure}`,
    'What to do:',
    '  - check that the registry can be reached: npm ping   (which registry: npm config get registry)',
    '  - behind a proxy: npm config set proxy http://host:port && npm config set https-proxy http://host:port',
    '  - with a mirror: npm config set registry <its address>',
    '  - or install by hand and start again: npm ci',
  ].join('\n');
}

/**
 * Returns why it failed, or undefined. When this process is killed, the guard ends npm, and holds the lock until it has,
 * so that npm does not disturb the next installation. All output goes to stderr, since stdout belongs to the program that
 * runs next.
 */
function npmCi(lock, { printAbove }) {
  const { isTTY } = process.stderr;
  return new Promise((resolve) => {
    const npm = spawn(process.execPath, [GUARD, String(GUARD_GRACE_MS), 'npm', ...NPM_CI], {
      cwd: ROOT,
      env: { ...process.env, ...writableNpmCache() },
      // On a terminal, what npm prints must not disturb the line that shows the progress.
      stdio: ['ignore', ...(isTTY ? ['pipe', 'pipe'] : [2, 2]), 'ipc', lock],
    });
    for (const input of [npm.stdout, npm.stderr]) {
      if (input) createInterface({ input }).on('line', printAbove);
    }
    npm.once('error', (error) => resolve(error.message));
    npm.once('exit', (code, signal) => {
      if (code === 0) resolve(undefined);
      else resolve(signal === null ? `it ended with exit code ${code}` : `it was killed by ${signal}`);
    });
  });
}

/**
 * Shows on stderr that a step is running and, on a terminal, for how long.
 * @param hint how long it usually takes, on a terminal only
 */
function showProgress(what, hint) {
  const { isTTY } = process.stderr;
  if (!isTTY) {
    console.error(`${what} ...`);
    return { printAbove: () => undefined, end: () => undefined };
  }
  const startedAt = performance.now();
  let ended = false;
  const draw = () => {
    if (ended) return;
    const seconds = Math.round((performance.now() - startedAt) / 1_000);
    const line = `${what} ... ${seconds} s${hint === undefined ? '' : `  (${hint})`}`;
    process.stderr.write(`\r\x1b[K${line.slice(0, (process.stderr.columns || 80) - 1)}`);
  };
  draw();
  const timer = setInterval(draw, 1_000);
  return {
    printAbove(line) {
      process.stderr.write(`\r\x1b[K${line}\n`);
      draw();
    },
    end() {
      ended = true;
      clearInterval(timer);
      process.stderr.write('\r\x1b[K');
    },
  };
}

/** npm cannot do without a cache, so it gets a temporary one where its own cannot be written. */
function writableNpmCache() {
  try {
    const cache = process.env.npm_config_cache ?? join(homedir(), '.npm');
    mkdirSync(cache, { recursive: true });
    accessSync(cache, constants.W_OK);
    return {};
  } catch {
    return { npm_config_cache: mkdtempSync(join(tmpdir(), 'npm-cache-')) };
  }
}

function isWritable(folder) {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** @param otherwise instead of a file that is missing or cannot be read; default throws */
function readJson(file, otherwise) {
  try {
    return JSON.parse(readFileSync(join(ROOT, file), 'utf8'));
  } catch (error) {
    if (otherwise === undefined) throw error;
    return otherwise;
  }
}

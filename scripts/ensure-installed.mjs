// Makes node_modules match package-lock.json: silent when it does already, otherwise `npm ci`. When several processes are
// started at once, one of them installs. Exits with code 1 when the installation fails or Node is too old.
// Run it or import it. It runs before anything is installed, so it uses only Node's own modules.
import { spawn } from 'node:child_process';
import { existsSync, linkSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const GUARD = join(ROOT, 'src/platform/processes/guard.mjs');
const GUARD_GRACE_MS = 5_000;
const NPM_CI = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
/** Holds the ids of the process that installs and of its guard. Not in node_modules, because `npm ci` removes that. */
const LOCK = join(ROOT, '.install-lock');
/** No installation takes longer. After a reboot, another process may have the id in an old lock. */
const LOCK_VALID_MS = 15 * 60_000;
const LOCK_WRITTEN_WITHIN_MS = 1_000;

const problem = nodeProblem() ?? (isInstalled() ? undefined : await withLock(installProblem));
if (problem !== undefined) {
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

/** npm writes its own lockfile at the end of an installation. A package that it does not name must be optional. */
function isInstalled() {
  if (!existsSync(join(ROOT, 'node_modules/.package-lock.json'))) return false;
  const { packages: installed = {} } = readJson('node_modules/.package-lock.json');
  const { packages: wanted = {} } = readJson('package-lock.json');
  return Object.keys({ ...wanted, ...installed }).every((path) => {
    if (path === '') return true;
    if (!(path in installed)) return wanted[path].optional === true;
    return path in wanted && wanted[path].integrity === installed[path].integrity;
  });
}

/** Runs `work` while no other process does. Takes over the lock of a process that was killed. */
async function withLock(work) {
  let waiting = false;
  while (!takeLock()) {
    const holder = holderOf(LOCK);
    if (holder === undefined) {
      removeAbandonedLock();
    } else {
      if (!waiting) console.error(`waiting for process ${holder}, which is installing the packages ...`);
      waiting = true;
      await pause(200);
    }
  }
  try {
    return await work();
  } finally {
    rmSync(LOCK, { force: true });
  }
}

function takeLock() {
  try {
    writeFileSync(LOCK, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

/** A process that is named in the lock and is alive; undefined when all are gone. */
function holderOf(lock) {
  try {
    const text = readFileSync(lock, 'utf8');
    const ageMs = Date.now() - statSync(lock).mtimeMs;
    // It is empty for a moment while it is being written, and for ever when its writer was killed then. Process 0 is alive.
    if (ageMs > (text === '' ? LOCK_WRITTEN_WITHIN_MS : LOCK_VALID_MS)) return undefined;
    return text.split(' ').map(Number).find(isAlive);
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: a process of another user.
    return error.code === 'EPERM';
  }
}

/** Several processes may find the same lock abandoned. One moves it away, and puts back a lock taken in the meantime. */
function removeAbandonedLock() {
  const moved = `${LOCK}.${process.pid}`;
  try {
    renameSync(LOCK, moved);
  } catch (error) {
    if (error.code === 'ENOENT') return;
    throw error;
  }
  if (holderOf(moved) !== undefined) linkSync(moved, LOCK);
  rmSync(moved);
}

async function installProblem() {
  if (isInstalled()) return undefined;
  const startedAt = performance.now();
  console.error('installing packages (npm ci) ...');
  const failure = await npmCi();
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
 * Returns why it failed, or undefined. When this process is killed, the guard ends npm, and the lock is held until it
 * has, so that npm does not disturb the next installation. All output goes to stderr, since stdout belongs to the program
 * that runs next.
 */
function npmCi() {
  return new Promise((resolve) => {
    const npm = spawn(process.execPath, [GUARD, String(GUARD_GRACE_MS), 'npm', ...NPM_CI], {
      cwd: ROOT,
      stdio: ['ignore', 2, 2, 'ipc'],
    });
    if (npm.pid !== undefined) writeFileSync(LOCK, `${process.pid} ${npm.pid}`);
    npm.once('error', (error) => resolve(error.message));
    npm.once('exit', (code, signal) => {
      if (code === 0) resolve(undefined);
      else resolve(signal === null ? `it ended with exit code ${code}` : `it was killed by ${signal}`);
    });
  });
}

function readJson(file) {
  return JSON.parse(readFileSync(join(ROOT, file), 'utf8'));
}

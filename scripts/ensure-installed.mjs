// Runs before anything is installed: Node's own modules only.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installLockFile, withInstallLock } from './install-lock.mjs';
import { showProgress } from './progress.mjs';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const NPM_CI = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
const STAMP = '.temporal-ticketing-installed';
const SHOWN_CHARACTERS = 4_000;

/** Node is too old, or the packages could not be installed. The message is for people and says what to do. */
export class InstallError extends Error {
  name = 'InstallError';
}

/**
 * Sees to it that node_modules holds what package-lock.json says: silent and quick when it does, `npm ci` when not.
 * Of several processes at once one installs and the others wait for it.
 * @param {{ root?: string, nodeVersion?: string }} options `root`: the project's folder
 * @throws {InstallError}
 */
export async function ensureInstalled({ root = ROOT, nodeVersion = process.versions.node } = {}) {
  checkNodeVersion(root, nodeVersion);
  if (isInstalled(root)) return;
  await withInstallLock(installLockFile(root), {
    onWait: (pid) => console.error(`waiting for process ${pid}, which installs the packages ...`),
    work: async (addPid) => {
      if (isInstalled(root)) return;
      if (!wasInstalledByHand(root)) await install(root, addPid);
      writeFileSync(join(root, 'node_modules', STAMP), contentHash(root));
    },
  });
}

/** As {@link ensureInstalled}, but prints what is wrong and ends the process with exit code 1. */
export async function ensureInstalledOrExit() {
  try {
    await ensureInstalled();
  } catch (error) {
    if (!(error instanceof InstallError)) throw error;
    console.error(error.message);
    process.exit(1);
  }
}

function checkNodeVersion(root, nodeVersion) {
  const { name, engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const needed = engines.node.replace('>=', '');
  const [major = 0, minor = 0, patch = 0] = nodeVersion.split('.').map(Number);
  const [neededMajor = 0, neededMinor = 0, neededPatch = 0] = needed.split('.').map(Number);
  if ((major - neededMajor || minor - neededMinor || patch - neededPatch) >= 0) return;
  throw new InstallError(
    [
      `${name} needs Node ${needed} or newer; this is Node ${nodeVersion} (${process.execPath}).`,
      `  - with nvm: nvm install ${neededMajor} && nvm use ${neededMajor}`,
      '  - otherwise: https://nodejs.org/en/download',
    ].join('\n'),
  );
}

function isInstalled(root) {
  const stamp = join(root, 'node_modules', STAMP);
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === contentHash(root);
}

/** Of what is wanted, and of npm's own record of what is there. */
function contentHash(root) {
  const hash = createHash('sha256').update(`${process.platform}-${process.arch}\n`);
  for (const file of ['package-lock.json', 'node_modules/.package-lock.json']) {
    const path = join(root, file);
    hash.update(existsSync(path) ? readFileSync(path) : '').update('\n');
  }
  return hash.digest('hex');
}

/** Whether somebody has run `npm ci` already: npm's record has every package that is wanted here, and no other. */
function wasInstalledByHand(root) {
  const record = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(record)) return false;
  const { packages: installed = {} } = JSON.parse(readFileSync(record, 'utf8'));
  const { packages: wanted = {} } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const same = (path) => installed[path]?.integrity === wanted[path]?.integrity;
  return (
    Object.keys(installed).every((path) => path in wanted && same(path) && existsSync(join(root, path))) &&
    Object.entries(wanted).every(([path, { optional }]) => path === '' || optional || (path in installed && same(path)))
  );
}

async function install(root, addPid) {
  const progress = showProgress('installing packages (npm ci)');
  const failure = await runNpmCi(root, addPid);
  progress.done(failure === undefined ? 'done' : 'failed');
  if (failure !== undefined) throw new InstallError(failureMessage(root, failure));
}

/** Says why it failed, or nothing. */
function runNpmCi(root, addPid) {
  return new Promise((resolve) => {
    const npm = spawn('npm', NPM_CI, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    if (npm.pid !== undefined) addPid(npm.pid);
    let output = '';
    for (const stream of [npm.stdout, npm.stderr]) {
      stream.on('data', (data) => {
        output = (output + data).slice(-SHOWN_CHARACTERS);
      });
    }
    // Without a listener the signal would end this process at once, and leave npm and the lock behind.
    let stopped;
    const stop = (signal) => {
      stopped = signal;
      npm.kill('SIGTERM');
    };
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, stop);
    const end = (reason) => {
      for (const signal of ['SIGINT', 'SIGTERM']) process.off(signal, stop);
      resolve(reason === undefined ? undefined : { reason, output });
    };
    npm.once('error', (error) => end(error.code === 'ENOENT' ? 'there is no npm on PATH' : error.message));
    npm.once('close', (code, signal) => {
      if (stopped !== undefined) end(`${stopped} stopped it`);
      else end(code === 0 ? undefined : signal === null ? `it ended with exit code ${code}` : `killed by ${signal}`);
    });
  });
}

function failureMessage(root, { reason, output }) {
  return [
    'The packages could not be installed.',
    `  tried:   npm ${NPM_CI.join(' ')}   (in ${root})`,
    `  failed:  ${reason}`,
    ...output
      .trim()
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => `  | ${line}`),
    'What is left:',
    '  - see whether the registry can be reached: npm ping   (which one: npm config get registry)',
    '  - behind a proxy: npm config set proxy http://host:port && npm config set https-proxy http://host:port',
    '  - with a mirror: npm config set registry <its address>',
    '  - install by hand and start again: npm ci',
  ].join('\n');
}

if (
  process.argv[1] !== undefined &&
  existsSync(process.argv[1]) &&
  realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)
) {
  await ensureInstalledOrExit();
}

import { createHash } from 'node:crypto';
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const LONGEST_MS = 15 * 60_000;

/**
 * The file that says who installs into a folder. It lies outside of node_modules, which `npm ci` removes.
 * @param {string} root the project's folder
 */
export function installLockFile(root) {
  const id = createHash('sha256').update(root).digest('hex').slice(0, 16);
  return join(tmpdir(), `temporal-ticketing-install-${id}.lock`);
}

/**
 * Runs `work` while no other process does, waiting for it to finish first. A lock whose processes are all gone, or that
 * is older than 15 minutes, counts as left behind.
 * @param {string} file
 * @param {{ work: (addPid: (pid: number) => void) => Promise<void>, onWait: (pid: number) => void }} options `addPid`
 * names a further process that must be gone before the lock counts as left behind; `onWait` is called once, when
 * somebody else holds it
 */
export async function withInstallLock(file, { work, onWait }) {
  let waited = false;
  while (!take(file)) {
    const holders = holdersOf(file);
    if (holders.some(isAlive)) {
      if (!waited) onWait(holders[0]);
      waited = true;
      await pause(200);
    } else {
      removeLeftBehind(file);
    }
  }
  try {
    await work((pid) => writeFileSync(file, `${process.pid} ${pid}`));
  } finally {
    rmSync(file, { force: true });
  }
}

function take(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

/** The processes named in the lock; none when it is too old or just went away. */
function holdersOf(file) {
  try {
    const { mtimeMs, size } = statSync(file);
    if (Date.now() - mtimeMs > LONGEST_MS) return [];
    // Taken this moment, and not yet written.
    if (size === 0 && Date.now() - mtimeMs < 1_000) return [process.pid];
    // Whoever was killed while writing it left it empty.
    return readFileSync(file, 'utf8').split(' ').filter(Boolean).map(Number);
  } catch (error) {
    if (error.code === 'ENOENT') return [];
    throw error;
  }
}

/** Two processes may find the same lock left behind: a second lock lets one of them look again and remove it. */
function removeLeftBehind(file) {
  const removing = `${file}.removing`;
  if (!take(removing)) {
    if (!holdersOf(removing).some(isAlive)) rmSync(removing, { force: true });
    return;
  }
  try {
    if (!holdersOf(file).some(isAlive)) rmSync(file, { force: true });
  } finally {
    rmSync(removing, { force: true });
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

import { createHash } from 'node:crypto';
import { constants, fstatSync } from 'node:fs';
import { type FileHandle, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { errorCode } from '../../contracts/errors.ts';
import { openLocked } from '../../platform/files/open-locked.ts';
import { leadsTo, openFolder } from '../../platform/files/open-regular-file.ts';
import type { RunOnceStore, StoredRun } from '../../resilience/run-once.ts';
import { createFileOnce, removeTemporaryFiles } from './create-file-once.ts';
import { type CheckPlace, claimsThatHold, rememberPlace } from './database-parts.ts';
import { createFolder, type Disk, jsonText, readTextIfExists, realDisk } from './disk.ts';

const records = {
  claim: Compile(
    Type.Object({
      key: Type.String(),
      fingerprint: Type.String(),
      /** Who claimed it, for people: the lock of the file says whether that process still runs. */
      processId: Type.Integer(),
      host: Type.Optional(Type.String()),
    }),
  ),
  result: Compile(Type.Object({ key: Type.String(), result: Type.Unknown() })),
};

/** A file of the store does not contain what this store writes. */
export class IdempotencyStoreDamaged extends Error {
  override readonly name = 'IdempotencyStoreDamaged';
}

/**
 * Claims and results on disk: two files for each key, each absent or complete, and never changed. A claim is removed
 * only when it is released. Its file is locked from before it exists until its process has recorded a result or has
 * ended, so the lock says whether the effect may still be running.
 *
 * A key is only said to be free, and a claim or a result to be stored, while the folder is the one that was opened.
 * @param folder created if it does not exist; its parent must exist
 * @param disk default the real one
 */
export async function openIdempotencyStore(folder: string, disk: Disk = realDisk): Promise<RunOnceStore> {
  await createFolder(folder);
  await removeTemporaryFiles(folder, { shared: true });
  const { whileInPlace } = claimsThatHold(rememberFolder(folder));
  const claimOf = (key: string) => join(folder, `${fileNameOf(key)}.claim.json`);
  const resultOf = (key: string) => join(folder, `${fileNameOf(key)}.result.json`);
  /** The claims of this store that have no result yet, by key. */
  const held = new Map<string, FileHandle>();
  /** Claims that were reported as failed, although their files may exist. Nothing was started under them. */
  const failed: { readonly key: string; readonly file: FileHandle }[] = [];

  async function letGo(key: string): Promise<void> {
    await held.get(key)?.close();
    held.delete(key);
  }

  /** Keeps the file of a claim that failed open, by which it is recognised when its folder is back. */
  async function noteFailed(key: string, file: FileHandle | undefined): Promise<void> {
    if (file === undefined) return;
    const { nlink } = await file.stat();
    if (nlink === 0) await file.close();
    else failed.push({ key, file });
  }

  /** Removes a claim that failed: it would look like one whose effect was started. */
  async function withdrawFailed(key: string): Promise<void> {
    for (const claim of failed.filter((each) => each.key === key)) {
      if (!(await leadsTo(claimOf(key), claim.file))) continue;
      await rm(claimOf(key));
      await realDisk.syncFolder(folder);
      failed.splice(failed.indexOf(claim), 1);
      await claim.file.close();
    }
  }

  async function findResult(key: string): Promise<Pick<StoredRun, 'result'> | undefined> {
    const record = await readRecord(resultOf(key), records.result, key);
    return record === undefined ? undefined : { result: { value: record.result } };
  }

  const store: RunOnceStore = {
    async find(key) {
      await withdrawFailed(key);
      const claim = await readRecord(claimOf(key), records.claim, key);
      const result = await findResult(key);
      if (claim === undefined) {
        if (result === undefined) return undefined;
        throw new IdempotencyStoreDamaged(`${resultOf(key)} is a result without its claim ${claimOf(key)}`);
      }
      const { fingerprint, processId, host } = claim;
      const claimedBy = `process ${processId}${host === undefined ? '' : ` on host ${host}`}`;
      const run = { fingerprint, claimedBy, heldElsewhere: false };
      if (result !== undefined) return { ...run, ...result };
      if (held.has(key)) return run;
      const lock = await lockState(claimOf(key));
      if (lock === 'no file') return undefined;
      if (lock === 'locked') return { ...run, heldElsewhere: true };
      // The result may have been recorded, and the lock been let go, since the result was looked for.
      return { ...run, ...(await findResult(key)) };
    },

    async claim(key, fingerprint) {
      const text = jsonText({ key, fingerprint, processId: process.pid, host: hostname() });
      const { locking, lastFile } = lockingDisk(disk);
      const creation = await whileInPlace(() => createFileOnce(claimOf(key), text, locking)).catch(
        async (error: unknown) => {
          await noteFailed(key, lastFile());
          throw error;
        },
      );
      await letGo(key);
      const file = lastFile();
      if (creation === 'created' && file !== undefined) held.set(key, file);
      else await file?.close();
      return creation === 'created' ? 'claimed' : 'exists';
    },

    async record(key, value) {
      // JSON has no undefined: an effect without a result is recorded as null.
      await createFileOnce(resultOf(key), jsonText({ key, result: value ?? null }));
      await letGo(key);
    },

    async release(key) {
      await rm(claimOf(key));
      await realDisk.syncFolder(folder);
      await letGo(key);
    },

    howToResolve: (key) =>
      'find out from the service whether it happened. ' +
      `If it did, write ${JSON.stringify({ key, result: '…' })} with its result to ${resultOf(key)}; ` +
      `if it did not, and no longer can, remove ${claimOf(key)}`,
  };
  return {
    find: (key) => whileInPlace(() => store.find(key)),
    claim: (key, fingerprint) => store.claim(key, fingerprint),
    record: (key, value) => whileInPlace(() => store.record(key, value)),
    release: (key) => whileInPlace(() => store.release(key)),
    howToResolve: (key) => store.howToResolve(key),
  };
}

/** Its descriptor is never closed, because a store is used until its process ends. */
function rememberFolder(folder: string): CheckPlace {
  return rememberPlace(folder, fstatSync(openFolder(folder), { bigint: true }));
}

/** A disk that locks the files it writes, and leaves them open. */
function lockingDisk(disk: Disk): { locking: Disk; lastFile: () => FileHandle | undefined } {
  let last: FileHandle | undefined;
  const locking: Disk = {
    ...disk,
    async writeFile(path, text) {
      const file = await openLocked(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL);
      if (file === undefined) throw new Error(`${path} is new, but another process has locked it`);
      last = file;
      await file.writeFile(text);
      await file.sync();
    },
  };
  return { locking, lastFile: () => last };
}

async function lockState(path: string): Promise<'locked' | 'free' | 'no file'> {
  try {
    const file = await openLocked(path, constants.O_RDONLY, 'shared');
    await file?.close();
    return file === undefined ? 'locked' : 'free';
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return 'no file';
    throw error;
  }
}

/** A key may be too long for a file name, or contain characters that are not allowed there. */
function fileNameOf(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

/** @returns undefined if there is no such file */
async function readRecord<Content extends { readonly key: string }>(
  path: string,
  expected: { Check(value: unknown): value is Content },
  key: string,
): Promise<Content | undefined> {
  const text = await readTextIfExists(path);
  if (text === undefined) return undefined;
  const record = parsed(text, path);
  if (!expected.Check(record)) throw new IdempotencyStoreDamaged(`${path}: a field is missing or of the wrong type`);
  if (record.key !== key) throw new IdempotencyStoreDamaged(`${path} is about the key ${record.key}, not about ${key}`);
  return record;
}

function parsed(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new IdempotencyStoreDamaged(`${path} is not JSON: repair it by hand`, { cause: error });
  }
}

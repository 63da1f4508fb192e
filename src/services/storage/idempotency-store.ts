import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';

import type { RunOnceStore } from '../../resilience/run-once.ts';
import { createFileOnce } from './create-file-once.ts';
import { createFolder, jsonText, readTextIfExists, realDisk } from './disk.ts';

const records = {
  claim: Compile(Type.Object({ key: Type.String(), fingerprint: Type.String(), processId: Type.Integer() })),
  result: Compile(Type.Object({ key: Type.String(), result: Type.Unknown() })),
};

/** A file of the store does not contain what this store writes. */
export class IdempotencyStoreDamaged extends Error {
  override readonly name = 'IdempotencyStoreDamaged';
}

/**
 * Claims and results on disk: two files for each key, each absent or complete, and never changed. A claim is removed
 * only when it is released.
 * @param options.folder created if it does not exist; its parent must exist
 * @param options.isAlive whether a process with this id is running
 */
export async function openIdempotencyStore({
  folder,
  isAlive,
}: {
  readonly folder: string;
  readonly isAlive: (processId: number) => boolean;
}): Promise<RunOnceStore> {
  await createFolder(folder);
  const claimOf = (key: string) => join(folder, `${fileNameOf(key)}.claim.json`);
  const resultOf = (key: string) => join(folder, `${fileNameOf(key)}.result.json`);

  return {
    async find(key) {
      const claim = await readRecord(claimOf(key), records.claim, key);
      const result = await readRecord(resultOf(key), records.result, key);
      if (claim === undefined) {
        if (result === undefined) return undefined;
        throw new IdempotencyStoreDamaged(`${resultOf(key)} is a result without its claim ${claimOf(key)}`);
      }
      const { fingerprint, processId } = claim;
      const heldElsewhere = processId !== process.pid && isAlive(processId);
      const run = { fingerprint, processId, heldElsewhere };
      return result === undefined ? run : { ...run, result: { value: result.result } };
    },

    async claim(key, fingerprint) {
      const text = jsonText({ key, fingerprint, processId: process.pid });
      return (await createFileOnce(claimOf(key), text)) === 'created' ? 'claimed' : 'exists';
    },

    async record(key, value) {
      // JSON has no undefined: an effect without a result is recorded as null.
      await createFileOnce(resultOf(key), jsonText({ key, result: value ?? null }));
    },

    async release(key) {
      await rm(claimOf(key));
      await realDisk.syncFolder(folder);
    },

    howToResolve: (key) =>
      'find out from the service whether it happened. ' +
      `If it did, write ${JSON.stringify({ key, result: '…' })} with its result to ${resultOf(key)}; ` +
      `if it did not, and no longer can, remove ${claimOf(key)}`,
  };
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

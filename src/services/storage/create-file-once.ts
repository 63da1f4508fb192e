import { link, open, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { nanoid } from 'nanoid';
import { errorCode } from '../../contracts/errors.ts';
import { syncFolder } from './folders.ts';

type CreationStep = () => Promise<void> | void;

/** Where a creation can be watched or broken; what a step throws, the creation throws. */
export interface CreationSteps {
  /** Before anything is written. */
  readonly beforeWrite?: CreationStep;
  /** The file is whole and durable under a temporary name. */
  readonly beforeLink?: CreationStep;
  /** The file is in place and can be read, but its folder is not yet durable. */
  readonly afterLink?: CreationStep;
}

/** Readers of a folder ignore files whose names begin so: they are not yet, or no longer, part of it. */
export const TEMPORARY_PREFIX = '.';

/**
 * Creates a file that is absent or whole, never overwritten, and durable once this returns: temporary file, fsync,
 * link(2) into place, which fails where a file is, fsync of the folder.
 * When it throws, the file may be in place; whether it is, `afterLink` tells.
 * @returns `exists` when there is a file already; it is left as it is, and is durable now
 */
export async function createFileOnce(
  path: string,
  text: string,
  steps: CreationSteps = {},
): Promise<'created' | 'exists'> {
  const temporary = join(dirname(path), `${TEMPORARY_PREFIX}${basename(path)}.${nanoid()}`);
  let creation: 'created' | 'exists';
  try {
    await steps.beforeWrite?.();
    await writeDurably(temporary, text);
    await steps.beforeLink?.();
    creation = await linkOnce(temporary, path);
  } finally {
    await rm(temporary, { force: true });
  }
  if (creation === 'created') await steps.afterLink?.();
  await syncFolder(dirname(path));
  return creation;
}

async function writeDurably(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function linkOnce(from: string, to: string): Promise<'created' | 'exists'> {
  try {
    await link(from, to);
    return 'created';
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return 'exists';
    throw error;
  }
}

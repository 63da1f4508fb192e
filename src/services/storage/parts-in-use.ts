import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { errorCode } from '../../contracts/errors.ts';
import { createFileOnce } from './create-file-once.ts';
import { DatabaseUnusableError } from './database-folder.ts';
import { jsonText, readTextIfExists } from './disk.ts';

const note = Compile(Type.Object({ parts: Type.Array(Type.String()) }));

/**
 * Notes, durably, that a database has these parts from now on.
 * @param noteName a file name that starts with a dot
 * @param parts paths within the database folder
 */
export async function notePartsInUse(databaseDir: string, noteName: string, parts: readonly string[]): Promise<void> {
  const path = join(databaseDir, noteName);
  if (!(await exists(path))) await createFileOnce(path, jsonText({ parts }));
}

/**
 * The parts that a database had when a service opened it last; none if no service has, or one from before there were
 * notes.
 * @throws DatabaseUnusableError
 */
export async function notedParts(databaseDir: string, noteName: string): Promise<readonly string[]> {
  const path = join(databaseDir, noteName);
  const text = await readTextIfExists(path);
  if (text === undefined) return [];
  const noted = parsed(text);
  if (note.Check(noted)) return noted.parts;
  throw new DatabaseUnusableError(
    `${path} is not what this service wrote: restore it, or remove it if no part of the database is missing`,
  );
}

/**
 * Refuses a database that lacks a part which it had when a service opened it last. A part that was moved away, or whose
 * disk is not mounted, would otherwise be created anew, and everything in it would seem never to have existed.
 * @returns whether a service has opened it before
 * @throws DatabaseUnusableError
 */
export async function refuseLostParts(databaseDir: string, noteName: string): Promise<boolean> {
  const parts = await notedParts(databaseDir, noteName);
  await refuseMissingParts(databaseDir, parts, noteName);
  return parts.length > 0;
}

/**
 * @param parts paths within the database folder
 * @param evidence the file that shows that they existed
 * @throws DatabaseUnusableError unless all of them exist
 */
export async function refuseMissingParts(
  databaseDir: string,
  parts: readonly string[],
  evidence: string,
): Promise<void> {
  for (const part of parts) {
    if (await exists(join(databaseDir, part))) continue;
    throw new DatabaseUnusableError(
      `${join(databaseDir, part)} is missing, but ${evidence} shows that it existed: put it back, or restore a backup; ` +
        `to begin anew without it, remove ${evidence}`,
    );
  }
}

/**
 * Refuses folders that are empty although they had contents. Such a folder is probably the place of a disk that is not
 * mounted: what is written to it now would be hidden later.
 * @param evidence the file that shows that they had contents
 * @throws DatabaseUnusableError
 */
export async function refuseEmptyFolders(
  databaseDir: string,
  folders: readonly string[],
  evidence: string,
): Promise<void> {
  for (const folder of folders) {
    if ((await readdir(join(databaseDir, folder))).length > 0) continue;
    throw new DatabaseUnusableError(
      `${join(databaseDir, folder)} is empty, but ${evidence} shows that it was not: mount its disk, or restore a ` +
        `backup; to begin anew without its contents, remove ${evidence}`,
    );
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

import { access, rename } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { errorCode } from '../../contracts/errors.ts';
import { realDisk } from '../storage/disk.ts';
import { databaseFiles } from './database-files.ts';

/**
 * Moves the journal aside, durably, under the time of now; nobody may have it open, and the folder has to be locked.
 * @returns the name of the archive, undefined when there is no journal
 */
export async function archiveJournal(databaseDir: string, nowMs: number): Promise<string | undefined> {
  const journal = databaseFiles.journal(databaseDir);
  if (!(await exists(journal))) return undefined;
  let archivedAt = nowMs;
  while (await exists(databaseFiles.archive(databaseDir, archivedAt))) archivedAt += 1;
  const archive = databaseFiles.archive(databaseDir, archivedAt);
  await rename(journal, archive);
  await realDisk.syncFolder(dirname(archive));
  return basename(archive);
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}

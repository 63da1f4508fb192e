import { lstat, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { nanoid } from 'nanoid';
import { OPENING_BALANCES_CENTS } from '../../contracts/account-api.ts';
import { errorCode } from '../../contracts/errors.ts';
import { TEMPORARY_PREFIX } from '../storage/create-file-once.ts';
import { DatabaseUnusableError } from '../storage/database-folder.ts';
import { type Disk, realDisk } from '../storage/disk.ts';
import { type Journal, type JournalOptions, type JournalRepair, openJournal } from '../storage/journal.ts';
import { DurabilityUnknownError } from '../storage/journal-errors.ts';
import { type Accounts, apply, noAccounts } from './accounts.ts';
import { accountRecord, type OpenRecord, verifyChecksum, withChecksum } from './journal-records.ts';

/** Where the accounts are stored in a database folder. */
export const databaseFiles = {
  lockName: '.account-api.lock',
  /** Notes which parts the database has. */
  partsName: '.account-api.parts.json',
  parts: [join('accounts', 'journal.jsonl')],
  folder: (databaseDir: string) => join(databaseDir, 'accounts'),
  journal: (databaseDir: string) => join(databaseDir, 'accounts', 'journal.jsonl'),
  archive: (databaseDir: string, archivedAtMs: number) =>
    join(databaseDir, 'accounts', `journal-${new Date(archivedAtMs).toISOString().replaceAll(/[-:]/g, '')}.jsonl`),
} as const;

interface OpenedJournal extends JournalRepair {
  readonly journal: Journal;
  /** What the journal contains. */
  readonly accounts: Accounts;
}

/**
 * Reads the journal of the accounts, whose folder must exist. If it has no operation yet, opens the accounts that it
 * lacks.
 * @throws JournalDamagedError, naming file and line
 */
export async function openAccountsJournal(
  databaseDir: string,
  at: string,
  options: JournalOptions,
): Promise<OpenedJournal> {
  const accounts = noAccounts();
  let isInUse = false;
  const readLine = (line: unknown) => {
    const record = verifyChecksum(line);
    if (!accountRecord.Check(record)) throw new Error('a field is missing or of the wrong type');
    isInUse ||= record.kind !== 'open';
    apply(accounts, record);
  };
  const { journal, ...repair } = await openJournal(databaseFiles.journal(databaseDir), readLine, options);
  // A journal in use has all accounts; opening another one would create money.
  if (!isInUse) {
    await openMissing(journal, accounts, at).catch(async (error: unknown) => {
      await journal.close();
      throw error;
    });
  }
  return { journal, accounts, ...repair };
}

async function openMissing(journal: Journal, accounts: Accounts, at: string): Promise<void> {
  const records = openingRecords(at).filter(({ account }) => !accounts.balancesCents.has(account));
  await Promise.all(records.map((record) => journal.commit(withChecksum(record))));
  for (const record of records) apply(accounts, record);
}

function openingRecords(at: string): OpenRecord[] {
  return Object.entries(OPENING_BALANCES_CENTS).map(([account, newCents]) => ({ kind: 'open', account, newCents, at }));
}

/**
 * Refuses a journal without a line: every journal that was used has the lines that open its accounts.
 * @throws DatabaseUnusableError
 */
export async function refuseEmptyJournal(databaseDir: string): Promise<void> {
  const journal = databaseFiles.journal(databaseDir);
  const { size } = await lstat(journal);
  if (size > 0) return;
  throw new DatabaseUnusableError(
    `${journal} is empty, but it was in use: restore a backup, or reset the accounts with npm run reset-db`,
  );
}

/**
 * Archives the journal under a name with the current time and puts one with the opening balances in its place, durably.
 * There is a journal at every moment: a process that dies in between leaves an archive that is still the journal as
 * well. The folder must be locked, and nothing may be written to the journal.
 * @returns the name of the archive
 * @throws what the disk throws, and then the journal is the old one; DurabilityUnknownError if it is unknown which one a
 *   power loss would leave
 */
export async function archiveJournal(databaseDir: string, nowMs: number, disk: Disk = realDisk): Promise<string> {
  const journal = databaseFiles.journal(databaseDir);
  const opened = join(dirname(journal), `${TEMPORARY_PREFIX}${basename(journal)}.${nanoid()}`);
  const lines = openingRecords(new Date(nowMs).toISOString()).map((record) => JSON.stringify(withChecksum(record)));
  let archive: string | undefined;
  try {
    await disk.writeFile(opened, `${lines.join('\n')}\n`);
    archive = await addArchive(databaseDir, nowMs, disk);
    await rename(opened, journal);
  } catch (error) {
    await rm(opened, { force: true });
    if (archive !== undefined) await restoreArchive(databaseDir, archive);
    throw error;
  }
  try {
    await disk.syncFolder(dirname(archive));
  } catch (error) {
    throw new DurabilityUnknownError(journal, error);
  }
  return basename(archive);
}

/** Gives the journal the name of an archive as well. */
async function addArchive(databaseDir: string, nowMs: number, disk: Disk): Promise<string> {
  for (let archivedAtMs = nowMs; ; archivedAtMs += 1) {
    const archive = databaseFiles.archive(databaseDir, archivedAtMs);
    if ((await archiveAs(databaseFiles.journal(databaseDir), archive, disk)) === 'created') return archive;
  }
}

async function archiveAs(journal: string, archive: string, disk: Disk): Promise<'created' | 'exists'> {
  try {
    return await disk.link(journal, archive);
  } catch (error) {
    // A folder in the place of the journal cannot have a second name.
    if (errorCode(error) !== 'EPERM') throw error;
    await rename(journal, archive);
    return 'created';
  }
}

/**
 * Makes an archive the journal again, durably.
 * @param archive its name
 */
export async function restoreArchive(databaseDir: string, archive: string): Promise<void> {
  const journal = databaseFiles.journal(databaseDir);
  const path = join(dirname(journal), basename(archive));
  await rename(path, journal);
  // Of two names of one file, rename(2) removes none.
  await rm(path, { force: true });
  await realDisk.syncFolder(dirname(journal));
}

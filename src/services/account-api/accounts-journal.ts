import { lstat, rename } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { OPENING_BALANCES_CENTS } from '../../contracts/account-api.ts';
import { errorCode } from '../../contracts/errors.ts';
import { createFolder, realDisk } from '../storage/disk.ts';
import { type Journal, type JournalOptions, type JournalRepair, openJournal } from '../storage/journal.ts';
import { type Accounts, apply, noAccounts } from './accounts.ts';
import { accountRecord, type OpenRecord, verifyChecksum, withChecksum } from './journal-records.ts';

/** Where the accounts are stored in a database folder. */
export const databaseFiles = {
  lockName: '.account-api.lock',
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
 * Reads the journal of the accounts. If it has no operation yet, opens the accounts that it lacks.
 * @throws JournalDamagedError, naming file and line
 */
export async function openAccountsJournal(
  databaseDir: string,
  at: string,
  options: JournalOptions,
): Promise<OpenedJournal> {
  await createFolder(databaseFiles.folder(databaseDir));
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
  const missing = Object.entries(OPENING_BALANCES_CENTS).filter(([account]) => !accounts.balancesCents.has(account));
  const records = missing.map(([account, newCents]): OpenRecord => ({ kind: 'open', account, newCents, at }));
  await Promise.all(records.map((record) => journal.commit(withChecksum(record))));
  for (const record of records) apply(accounts, record);
}

/**
 * Moves the journal aside, durably, to a name with the current time. The journal must be closed and the folder locked.
 * @returns the name of the archive; undefined if there is no journal
 */
export async function archiveJournal(databaseDir: string, nowMs: number): Promise<string | undefined> {
  const journal = databaseFiles.journal(databaseDir);
  if (!(await exists(journal))) return undefined;
  let archivedAtMs = nowMs;
  while (await exists(databaseFiles.archive(databaseDir, archivedAtMs))) archivedAtMs += 1;
  const archive = databaseFiles.archive(databaseDir, archivedAtMs);
  await rename(journal, archive);
  await realDisk.syncFolder(dirname(archive));
  return basename(archive);
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

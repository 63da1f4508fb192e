import { OPENING_BALANCES_CENTS } from '../../contracts/account-api.ts';
import { createFolder } from '../storage/disk.ts';
import { type Journal, type JournalOptions, openJournal } from '../storage/journal.ts';
import { type Accounts, follow, noAccounts } from './accounts.ts';
import { databaseFiles } from './database-files.ts';
import { accountRecord, type OpenRecord } from './journal-records.ts';
import { sealed, unsealed } from './sealed-lines.ts';

/** The journal of the accounts, and what is in it. */
export interface OpenedJournal {
  readonly journal: Journal;
  readonly accounts: Accounts;
  /** Length of a torn last line, which was cut off. */
  readonly cutOffBytes: number;
}

/**
 * Reads the journal of the accounts, and begins it where it has no operation yet.
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
    const record = unsealed(line);
    if (!accountRecord.Check(record)) throw new Error('a field is missing or of the wrong kind');
    isInUse ||= record.kind !== 'open';
    follow(accounts, record);
  };
  const { journal, cutOffBytes } = await openJournal(databaseFiles.journal(databaseDir), readLine, options);
  // A journal in use has all the accounts that there are; another one would be money from nowhere.
  if (!isInUse) {
    await openMissing(journal, accounts, at).catch(async (error: unknown) => {
      await journal.close();
      throw error;
    });
  }
  return { journal, accounts, cutOffBytes };
}

async function openMissing(journal: Journal, accounts: Accounts, at: string): Promise<void> {
  const missing = Object.entries(OPENING_BALANCES_CENTS).filter(([account]) => !accounts.balancesCents.has(account));
  const records = missing.map(([account, newCents]): OpenRecord => ({ kind: 'open', account, newCents, at }));
  await Promise.all(records.map((record) => journal.commit(sealed(record))));
  for (const record of records) follow(accounts, record);
}

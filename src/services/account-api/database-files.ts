import { join } from 'node:path';

/** Where the accounts are in a database folder. */
export const databaseFiles = {
  lockName: '.account-api.lock',
  folder: (databaseDir: string) => join(databaseDir, 'accounts'),
  journal: (databaseDir: string) => join(databaseDir, 'accounts', 'journal.jsonl'),
  /** @param archivedAt epoch milliseconds */
  archive: (databaseDir: string, archivedAt: number) =>
    join(databaseDir, 'accounts', `journal-${new Date(archivedAt).toISOString().replaceAll(/[-:]/g, '')}.jsonl`),
} as const;

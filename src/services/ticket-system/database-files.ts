import { join } from 'node:path';

/** Where things are in a database folder. */
export const databaseFiles = {
  lockName: '.ticket-system.lock',
  ledger: (databaseDir: string) => join(databaseDir, 'ledger.jsonl'),
  reservations: (databaseDir: string) => join(databaseDir, 'reservations'),
  tickets: (databaseDir: string) => join(databaseDir, 'tickets'),
} as const;

export const VOID_ENDING = '.void.json';
export const RECORD_ENDING = '.json';

import { join } from 'node:path';
import { OddFileError } from '../../platform/files/open-regular-file.ts';
import { HttpProblem } from '../http/http-problem.ts';
import { readTextIfExists } from '../storage/disk.ts';

/** Where things are in a database folder. */
export const databaseFiles = {
  lockName: '.ticket-system.lock',
  /** Notes which parts the database has. */
  partsName: '.ticket-system.parts.json',
  folders: ['reservations', 'tickets'],
  parts: ['ledger.jsonl', 'reservations', 'tickets'],
  ledger: (databaseDir: string) => join(databaseDir, 'ledger.jsonl'),
  reservations: (databaseDir: string) => join(databaseDir, 'reservations'),
  tickets: (databaseDir: string) => join(databaseDir, 'tickets'),
} as const;

export const VOID_ENDING = '.void.json';
export const RECORD_ENDING = '.json';

/** A file of the database is not what it should be. Nothing is guessed: a person has to repair it. */
export class DatabaseDamagedError extends HttpProblem {
  /** @param file path within the database folder */
  constructor(file: string, reason: string, cause?: unknown, whatToDo = 'repair or remove the file') {
    super(500, 'DATABASE_DAMAGED', `the database is damaged: ${file}: ${reason}; ${whatToDo}`);
    this.cause = cause;
  }
}

/** A file of the database is known to exist and is not there: that is damage, not absence. */
export function missingFile(file: string, reason: string): DatabaseDamagedError {
  return new DatabaseDamagedError(file, `it is missing, but ${reason}`, undefined, 'put the file back');
}

/**
 * The error for a record of another order in the place of a record of this one. Ids that differ only in case are no
 * damage: the disk ignores case, so the files of both orders have the same names, and the first order keeps them.
 * @param file path within the database folder
 */
export function recordOfAnotherOrder(file: string, orderId: string, foundOrderId: string): HttpProblem {
  if (foundOrderId.toLowerCase() !== orderId.toLowerCase()) {
    return new DatabaseDamagedError(file, 'it is about another order');
  }
  const message = `the disk of this service cannot tell ${orderId} from the order ${foundOrderId}: use another order id`;
  return new HttpProblem(409, 'ORDER_ID_TAKEN', message);
}

/**
 * Reads a record of the database.
 * @param file path within the database folder
 * @returns undefined if there is no such file
 * @throws DatabaseDamagedError if the file holds anything else
 */
export async function readRecord<Record>(
  databaseDir: string,
  file: string,
  expected: { Check(value: unknown): value is Record },
): Promise<Record | undefined> {
  const text = await readText(databaseDir, file);
  if (text === undefined) return undefined;
  const value = parse(text, file);
  if (!expected.Check(value)) throw new DatabaseDamagedError(file, 'a field is missing or of the wrong type');
  return value;
}

async function readText(databaseDir: string, file: string): Promise<string | undefined> {
  try {
    return await readTextIfExists(join(databaseDir, file));
  } catch (error) {
    if (error instanceof OddFileError) throw new DatabaseDamagedError(file, `it is ${error.found}`, error);
    throw error;
  }
}

function parse(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new DatabaseDamagedError(file, 'it is not JSON', error);
  }
}

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../../contracts/errors.ts';
import { DatabaseDamagedError } from './database-damaged-error.ts';

/**
 * Reads a record of the database; undefined when there is no such file.
 * @param file path within the database folder
 * @throws DatabaseDamagedError when the file holds anything else
 */
export async function readRecord<Record>(
  databaseDir: string,
  file: string,
  expected: { Check(value: unknown): value is Record },
): Promise<Record | undefined> {
  const text = await textOf(databaseDir, file);
  if (text === undefined) return undefined;
  const value = parse(text, file);
  if (!expected.Check(value)) throw new DatabaseDamagedError(file, 'it lacks a field, or one is of the wrong kind');
  return value;
}

async function textOf(databaseDir: string, file: string): Promise<string | undefined> {
  try {
    return await readFile(join(databaseDir, file), 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    if (errorCode(error) === 'EISDIR') throw new DatabaseDamagedError(file, 'it is a folder', error);
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

import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { errorCode } from '../../src/contracts/errors.ts';
import { colors } from '../../src/platform/logging/colors.ts';

const VOID = '.void.json';

/** The files of an order's tickets and voids, by name. A ticket is never deleted; its void is a second file. */
export async function ticketFiles(databaseDir: string, orderId: string): Promise<readonly string[]> {
  try {
    const names = await readdir(path.join(databaseDir, 'tickets', orderId));
    return names.filter((name) => name.endsWith('.json')).sort();
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}

export function isVoid(file: string): boolean {
  return file.endsWith(VOID);
}

/**
 * A line for each file, those of the promised ticket first.
 * @param promised the ticket that the order returned, if there is one
 */
export function ticketFileLines(files: readonly string[], promised: string | undefined): readonly string[] {
  const isPromised = (file: string) => promised !== undefined && file.includes(promised);
  const sorted = [...files.filter(isPromised), ...files.filter((file) => !isPromised(file))];
  return sorted.map((file) => {
    if (isVoid(file)) return colors.dim(file);
    if (files.includes(file.replace(/\.json$/, VOID))) return colors.dim(`${file}  ← voided`);
    return isPromised(file) ? colors.green(`${file}  ← of the order`) : colors.red(`${file}  ← surplus`);
  });
}

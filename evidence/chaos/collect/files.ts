import { createReadStream } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { errorCode } from '../../../src/contracts/errors.ts';
import type { StoredFile } from './round-evidence.ts';

const CHUNK_BYTES = 4 * 1_048_576;
/** Longer than any text searched for, so that the end of a chunk never splits a match. */
const OVERLAP = 64;

/** All files below a folder, with their content. */
export async function filesIn(folder: string): Promise<readonly StoredFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files: StoredFile[] = [];
  for (const entry of entries.filter((each) => each.isFile())) {
    const file = path.join(entry.parentPath, entry.name);
    files.push({ path: path.relative(folder, file), text: await readFile(file, 'utf8') });
  }
  return files;
}

/** A file of any size in overlapping chunks of text, one byte per character. Yields nothing if there is no such file. */
export async function* chunksOf(file: string): AsyncGenerator<string> {
  let end = '';
  try {
    for await (const chunk of createReadStream(file, { highWaterMark: CHUNK_BYTES, encoding: 'latin1' })) {
      yield end + chunk;
      end = chunk.slice(-OVERLAP);
    }
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
}

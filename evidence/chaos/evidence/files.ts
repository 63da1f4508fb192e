import { createReadStream } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { errorCode } from '../../../src/contracts/errors.ts';
import type { StoredFile } from './evidence.ts';

const CHUNK_BYTES = 4 * 1_048_576;
/** Longer than anything that is searched for, so that no chunk's end cuts it. */
const OVERLAP = 64;

/** All files in a folder and its folders, with what is in them. */
export async function filesIn(folder: string): Promise<readonly StoredFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files: StoredFile[] = [];
  for (const entry of entries.filter((each) => each.isFile())) {
    const file = path.join(entry.parentPath, entry.name);
    files.push({ path: path.relative(folder, file), text: await readFile(file, 'utf8') });
  }
  return files;
}

/** A file of any size as pieces of text, a byte a character; each begins with the end of the one before. */
export async function* piecesOf(file: string): AsyncGenerator<string> {
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

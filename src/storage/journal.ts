import { open } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { syncFolder } from './folders.ts';
import { readJournalLines } from './journal-lines.ts';

/** An append-only file of JSON lines, written by one process. */
export interface Journal {
  /**
   * Appends one line with one write, in the order of the calls. The line outlives this process, but is not synced:
   * a power loss can take it.
   */
  append(entry: object): Promise<void>;
  /** Closes the file after the appends that were asked for. */
  close(): Promise<void>;
}

/** A line inside a journal cannot be read: somebody has to look at it, so nothing may go on. */
export class JournalDamagedError extends Error {
  override readonly name = 'JournalDamagedError';

  constructor(path: string, lineNumber: number, reason: string) {
    super(`${basename(path)}, line ${lineNumber}: ${reason}; mend or remove the line`);
  }
}

/**
 * Opens a journal, creating it durably when it is missing, and reads what is in it.
 * A torn last line, which a crash leaves, is cut off; `cutOffBytes` says how long it was.
 * @param onEntry is given every entry; it throws an error whose message says what is wrong with one
 * @throws JournalDamagedError for every other damage, naming file and line
 */
export async function openJournal(
  path: string,
  onEntry: (entry: unknown) => void,
): Promise<{ journal: Journal; cutOffBytes: number }> {
  const tornAtByte = await readThrough(path, onEntry);
  const file = await open(path, 'a');
  const { size } = await file.stat();
  if (tornAtByte !== undefined) await file.truncate(tornAtByte);
  await syncFolder(dirname(path));
  const wholeBytes = tornAtByte ?? size;
  return { journal: createJournal(file, wholeBytes), cutOffBytes: size - wholeBytes };
}

async function readThrough(path: string, onEntry: (entry: unknown) => void): Promise<number | undefined> {
  for await (const line of readJournalLines(path)) {
    if (line.state === 'torn') return line.startsAtByte;
    if (line.state === 'damaged') throw new JournalDamagedError(path, line.number, line.reason);
    try {
      onEntry(line.entry);
    } catch (error) {
      throw new JournalDamagedError(path, line.number, error instanceof Error ? error.message : String(error));
    }
  }
  return undefined;
}

function createJournal(file: Awaited<ReturnType<typeof open>>, sizeAtStart: number): Journal {
  let wholeBytes = sizeAtStart;
  let lastLineIsWhole = true;
  let turn: Promise<unknown> = Promise.resolve();

  async function write(line: Buffer): Promise<void> {
    if (!lastLineIsWhole) await file.truncate(wholeBytes);
    lastLineIsWhole = false;
    const { bytesWritten } = await file.write(line);
    if (bytesWritten < line.length) {
      throw Object.assign(new Error('ENOSPC: only a part of the line was written'), { code: 'ENOSPC' });
    }
    wholeBytes += line.length;
    lastLineIsWhole = true;
  }

  return {
    append(entry) {
      const line = Buffer.from(`${JSON.stringify(entry)}\n`);
      const written = turn.then(() => write(line));
      // Whoever appended gets the error; the next append has its own turn all the same.
      turn = written.catch(() => undefined);
      return written;
    },
    async close() {
      await turn;
      await file.close();
    },
  };
}

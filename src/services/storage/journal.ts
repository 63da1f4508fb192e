import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorMessage } from '../../contracts/errors.ts';
import { realDisk } from './disk.ts';
import { type JournalDisk, journalDisk } from './journal-disk.ts';
import { JournalDamagedError } from './journal-errors.ts';
import { readJournalLines } from './journal-lines.ts';
import { createJournalWriter } from './journal-writer.ts';

/** An append-only file of JSON lines, written by one process. */
export interface Journal {
  /**
   * Appends one line with one write, in the order of the calls. The line survives this process, but it is not synced: a
   * power loss can remove it.
   * @throws DurabilityUnknownError after a sync has failed
   */
  append(entry: object): Promise<void>;
  /**
   * Group commit: resolves once the line, and every line committed before it, is durable. Concurrent commits share one
   * write and one fdatasync.
   *
   * If a batch cannot be written, all its commits reject, and so do those that wait behind it, because they may depend
   * on it. Nothing of them stays in the file. The journal continues with the next commit.
   * @throws what the disk throws, such as ENOSPC
   * @throws DurabilityUnknownError if a sync failed: this and every later commit is refused until a restart
   */
  commit(entry: object): Promise<void>;
  /** Finishes all appends and commits, then closes the file. */
  close(): Promise<void>;
}

export interface JournalOptions {
  /** Default: the real one. */
  readonly disk?: JournalDisk;
  /**
   * Called if commits are lost, before the first of them rejects: the caller returns to its durable state here, so that
   * no later entry depends on a lost one.
   */
  readonly onLost?: (error: unknown) => void;
}

/**
 * Opens a journal, which is created durably if it does not exist, and reads its entries. What was read is durable.
 * A torn last line, which a crash may leave, is cut off; `cutOffBytes` is its length.
 * @param onEntry called with every entry; throws an error that says what is wrong with it
 * @throws JournalDamagedError for any other damage, with file and line
 */
export async function openJournal(
  path: string,
  onEntry: (entry: unknown) => void,
  { disk = journalDisk, onLost = () => undefined }: JournalOptions = {},
): Promise<{ journal: Journal; cutOffBytes: number }> {
  const tornAtByte = await readEntries(path, onEntry);
  const file = await open(path, 'a');
  try {
    const { size } = await file.stat();
    if (tornAtByte !== undefined) await file.truncate(tornAtByte);
    // A killed process may have left lines that it did not sync.
    await file.sync();
    await realDisk.syncFolder(dirname(path));
    const lengthBytes = tornAtByte ?? size;
    return { journal: createJournalWriter({ path, file, lengthBytes, disk, onLost }), cutOffBytes: size - lengthBytes };
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** @returns the byte at which a torn last line starts, if there is one */
async function readEntries(path: string, onEntry: (entry: unknown) => void): Promise<number | undefined> {
  for await (const line of readJournalLines(path)) {
    if (line.state === 'torn') return line.startsAtByte;
    if (line.state === 'damaged') throw new JournalDamagedError(path, line.number, line.reason);
    try {
      onEntry(line.entry);
    } catch (error) {
      throw new JournalDamagedError(path, line.number, errorMessage(error));
    }
  }
  return undefined;
}

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
   * Appends one line with one write, in the order of the calls. The line outlives this process, but is not synced:
   * a power loss can take it.
   * @throws DurabilityUnknownError after a sync failed
   */
  append(entry: object): Promise<void>;
  /**
   * Group commit: resolves once the line, and every one committed before it, is durable. Commits that come at the same
   * time share one write and one fdatasync.
   *
   * When a batch cannot be written, all of its commits reject, and with them all that wait behind it, which may have
   * been decided on top of it; nothing of them stays in the file. The journal goes on with the next commit.
   * @throws what the disk threw, such as ENOSPC
   * @throws DurabilityUnknownError when a sync failed: this and every later commit is refused until a restart
   */
  commit(entry: object): Promise<void>;
  /** Closes the file after the appends and commits that were asked for. */
  close(): Promise<void>;
}

export interface JournalOptions {
  /** Default: the real one. */
  readonly disk?: JournalDisk;
  /**
   * Called when commits are lost, before the first of them rejects: the moment to go back to what is durable, so that
   * no later entry is decided on top of a lost one.
   */
  readonly onLost?: (error: unknown) => void;
}

/**
 * Opens a journal, creating it durably when it is missing, and reads what is in it. What was read is durable.
 * A torn last line, which a crash leaves, is cut off; `cutOffBytes` says how long it was.
 * @param onEntry is given every entry; it throws an error whose message says what is wrong with one
 * @throws JournalDamagedError for every other damage, naming file and line
 */
export async function openJournal(
  path: string,
  onEntry: (entry: unknown) => void,
  { disk = journalDisk, onLost = () => undefined }: JournalOptions = {},
): Promise<{ journal: Journal; cutOffBytes: number }> {
  const tornAtByte = await readThrough(path, onEntry);
  const file = await open(path, 'a');
  try {
    const { size } = await file.stat();
    if (tornAtByte !== undefined) await file.truncate(tornAtByte);
    // A killed process may have written lines that it did not sync.
    await file.sync();
    await realDisk.syncFolder(dirname(path));
    const wholeBytes = tornAtByte ?? size;
    return { journal: createJournalWriter({ path, file, wholeBytes, disk, onLost }), cutOffBytes: size - wholeBytes };
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function readThrough(path: string, onEntry: (entry: unknown) => void): Promise<number | undefined> {
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

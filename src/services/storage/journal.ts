import { constants } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorMessage } from '../../contracts/errors.ts';
import { FolderInUseError } from '../../platform/files/folder-lock.ts';
import type { OpenLocked } from '../../platform/files/open-locked.ts';
import { openRegularFile } from '../../platform/files/open-regular-file.ts';
import { rememberPlace } from './database-parts.ts';
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
   * @throws DatabaseMissingError if the path of the journal no longer leads to it: nothing is committed to a file that was
   *   moved away
   * @throws DurabilityUnknownError if a sync failed: this and every later commit is refused until a restart
   */
  commit(entry: object): Promise<void>;
  /**
   * Checks that the path of the journal still leads to it, and that nothing of it was cut off.
   * @throws DatabaseMissingError, DurabilityUnknownError
   */
  check(): void;
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
  /** Locks the file, so that no other process writes it. Default: it is not locked. */
  readonly openLocked?: OpenLocked | undefined;
}

/** What was done about a last line that a crash had left incomplete. */
export interface JournalRepair {
  /** Length of a torn last line, which was cut off; 0 if there was none. */
  readonly cutOffBytes: number;
  /** The last line lacked nothing but its newline, so it was kept. */
  readonly newlineAdded: boolean;
}

/**
 * Opens a journal, which is created durably if it does not exist, and reads its entries. What was read is durable.
 * A torn last line, which a crash may leave, is cut off; one that lacks only its newline is kept and gets it.
 * @param onEntry called with every entry; throws an error that says what is wrong with it
 * @throws JournalDamagedError for any other damage, with file and line
 * @throws OddFileError if it is anything but a regular file, FolderInUseError if it is locked
 */
export async function openJournal(
  path: string,
  onEntry: (entry: unknown) => void,
  { disk = journalDisk, onLost = () => undefined, openLocked = openRegularFile }: JournalOptions = {},
): Promise<{ journal: Journal } & JournalRepair> {
  const file = await openLocked(path, constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT);
  if (file === undefined) throw new FolderInUseError(`${path} is used by another process: stop that process`);
  try {
    // Not before it is locked: its holder may have been about to write the last lines.
    const lastLine = await readEntries(path, onEntry);
    const repair = await repairLastLine(file, lastLine);
    // A killed process may have left lines that it did not sync.
    await file.sync();
    await realDisk.syncFolder(dirname(path));
    const { size: lengthBytes } = await file.stat();
    const checkPlace = rememberPlace(path, await file.stat({ bigint: true }));
    return { journal: createJournalWriter({ path, file, lengthBytes, checkPlace, disk, onLost }), ...repair };
  } catch (error) {
    await file.close();
    throw error;
  }
}

type LastLine = 'complete' | 'without newline' | { readonly tornAtByte: number };

async function readEntries(path: string, onEntry: (entry: unknown) => void): Promise<LastLine> {
  for await (const line of readJournalLines(path)) {
    if (line.state === 'torn') return { tornAtByte: line.startsAtByte };
    if (line.state === 'damaged') throw new JournalDamagedError(path, line.number, line.reason);
    try {
      onEntry(line.entry);
    } catch (error) {
      throw new JournalDamagedError(path, line.number, errorMessage(error));
    }
    if (!line.hasNewline) return 'without newline';
  }
  return 'complete';
}

async function repairLastLine(file: FileHandle, lastLine: LastLine): Promise<JournalRepair> {
  if (lastLine === 'complete') return { cutOffBytes: 0, newlineAdded: false };
  if (lastLine === 'without newline') {
    await file.appendFile('\n');
    return { cutOffBytes: 0, newlineAdded: true };
  }
  const { size } = await file.stat();
  await file.truncate(lastLine.tornAtByte);
  return { cutOffBytes: size - lastLine.tornAtByte, newlineAdded: false };
}

/** The line for the log; undefined if nothing was repaired. */
export function describeRepair(name: string, { cutOffBytes, newlineAdded }: JournalRepair): string | undefined {
  if (cutOffBytes > 0) return `the last line of the ${name} was torn: ${cutOffBytes} bytes have been cut off`;
  return newlineAdded ? `the last line of the ${name} lacked its newline, which has been added` : undefined;
}

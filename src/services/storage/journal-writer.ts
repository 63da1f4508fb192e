import type { FileHandle } from 'node:fs/promises';
import { type CheckPlace, DatabaseMissingError } from './database-parts.ts';
import type { JournalDisk } from './journal-disk.ts';
import { DurabilityUnknownError } from './journal-errors.ts';

interface JournalWriter {
  append(entry: object): Promise<void>;
  commit(entry: object): Promise<void>;
  check(): void;
  close(): Promise<void>;
}

/** Lines that are written and synced together, and so share one promise. */
interface Batch {
  readonly lines: Buffer[];
  readonly durable: Promise<void>;
  readonly keep: () => void;
  readonly lose: (error: unknown) => void;
}

/**
 * Writes the lines of a journal, one write at a time.
 *
 * Commits gather in a batch while an earlier batch is written and synced. If a batch is lost, the one behind it is lost
 * too, since its entries may depend on the lost ones. `onLost` is called before any of their promises rejects, so
 * nothing can depend on them any more.
 * A commit counts only if the path of the journal leads to the file after it: a file that was moved away can be written
 * and synced like any other.
 * @param lengthBytes the length of the file, which ends with a complete line
 */
export function createJournalWriter(options: {
  readonly path: string;
  readonly file: FileHandle;
  readonly lengthBytes: number;
  readonly checkPlace: CheckPlace;
  readonly disk: JournalDisk;
  readonly onLost: (error: unknown) => void;
}): JournalWriter {
  const { path, file, checkPlace, disk, onLost } = options;
  let { lengthBytes } = options;
  let endIsComplete = true;
  let turn: Promise<void> = Promise.resolve();
  let gathering: Batch | undefined;
  let unsure: DurabilityUnknownError | undefined;

  async function write(bytes: Buffer): Promise<void> {
    if (unsure !== undefined) throw unsure;
    if (!endIsComplete) await cutBack();
    endIsComplete = false;
    const writtenBytes = await disk.write(file, bytes);
    if (writtenBytes < bytes.length) {
      throw Object.assign(new Error('ENOSPC: only a part of the line was written'), { code: 'ENOSPC' });
    }
  }

  /** Makes the written bytes a part of the journal. */
  function keepWritten(bytes: Buffer): void {
    lengthBytes += bytes.length;
    endIsComplete = true;
  }

  /** Removes what was written and not kept. */
  async function cutBack(): Promise<void> {
    const { size } = await file.stat();
    // Truncating would make it longer, with zeros.
    if (size < lengthBytes) throw changedByOthers(size, lengthBytes);
    await disk.truncate(file, lengthBytes);
  }

  /**
   * Undoes a write durably: complete lines of it would reappear at the next start.
   * @returns the error if it is undone
   */
  async function undoWrite(error: unknown): Promise<unknown> {
    if (error instanceof DurabilityUnknownError) return error;
    try {
      await cutBack();
      await disk.sync(file);
      endIsComplete = true;
      return error;
    } catch (undoError) {
      return becomeUnsure(undoError);
    }
  }

  function changedByOthers(foundBytes: number, expectedBytes: number): Error {
    return becomeUnsure(new Error(`it has ${foundBytes} bytes instead of the ${expectedBytes} that were written`));
  }

  /** @throws DatabaseMissingError, DurabilityUnknownError */
  function checkWritten(bytes: Buffer): void {
    const expectedBytes = lengthBytes + bytes.length;
    const foundBytes = checkPlace();
    if (foundBytes !== expectedBytes) throw changedByOthers(foundBytes, expectedBytes);
  }

  function becomeUnsure(cause: unknown): DurabilityUnknownError {
    if (cause instanceof DurabilityUnknownError) return cause;
    unsure ??= new DurabilityUnknownError(path, cause);
    return unsure;
  }

  function loseWithFollowers(batch: Batch, error: unknown): void {
    const followers = gathering;
    gathering = undefined;
    onLost(error);
    batch.lose(error);
    followers?.lose(error);
  }

  async function flush(batch: Batch): Promise<void> {
    // This batch was lost with the one before it.
    if (gathering !== batch) return;
    gathering = undefined;
    const bytes = Buffer.concat(batch.lines);
    try {
      await write(bytes);
    } catch (error) {
      return loseWithFollowers(batch, await undoWrite(error));
    }
    try {
      await disk.sync(file);
    } catch (error) {
      return loseWithFollowers(batch, becomeUnsure(error));
    }
    try {
      checkWritten(bytes);
    } catch (error) {
      return loseWithFollowers(batch, error instanceof DatabaseMissingError ? await undoWrite(error) : error);
    }
    keepWritten(bytes);
    batch.keep();
  }

  return {
    append(entry) {
      if (unsure !== undefined) return Promise.reject(unsure);
      const line = lineOf(entry);
      const written = turn.then(async () => {
        await write(line);
        keepWritten(line);
      });
      // The caller gets the error; the next append is written all the same.
      turn = written.catch(() => undefined);
      return written;
    },
    commit(entry) {
      if (unsure !== undefined) return Promise.reject(unsure);
      const line = lineOf(entry);
      if (gathering === undefined) {
        const batch = newBatch();
        gathering = batch;
        turn = turn.then(() => flush(batch));
      }
      gathering.lines.push(line);
      return gathering.durable;
    },
    check() {
      if (unsure !== undefined) throw unsure;
      const foundBytes = checkPlace();
      // A write that is under way may have made it longer.
      if (foundBytes < lengthBytes) throw changedByOthers(foundBytes, lengthBytes);
    },
    async close() {
      await turn;
      await file.close();
    },
  };
}

function newBatch(): Batch {
  let keep: Batch['keep'] = () => undefined;
  let lose: Batch['lose'] = () => undefined;
  const durable = new Promise<void>((resolve, reject) => {
    keep = resolve;
    lose = reject;
  });
  return { lines: [], durable, keep, lose };
}

function lineOf(entry: object): Buffer {
  return Buffer.from(`${JSON.stringify(entry)}\n`);
}

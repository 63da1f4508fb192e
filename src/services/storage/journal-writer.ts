import type { FileHandle } from 'node:fs/promises';
import type { JournalDisk } from './journal-disk.ts';
import { DurabilityUnknownError } from './journal-errors.ts';

interface JournalWriter {
  append(entry: object): Promise<void>;
  commit(entry: object): Promise<void>;
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
 * @param lengthBytes the length of the file, which ends with a complete line
 */
export function createJournalWriter(options: {
  readonly path: string;
  readonly file: FileHandle;
  readonly lengthBytes: number;
  readonly disk: JournalDisk;
  readonly onLost: (error: unknown) => void;
}): JournalWriter {
  const { path, file, disk, onLost } = options;
  let { lengthBytes } = options;
  let endIsComplete = true;
  let turn: Promise<void> = Promise.resolve();
  let gathering: Batch | undefined;
  let unsure: DurabilityUnknownError | undefined;

  async function write(bytes: Buffer): Promise<void> {
    if (!endIsComplete) await disk.truncate(file, lengthBytes);
    endIsComplete = false;
    const writtenBytes = await disk.write(file, bytes);
    if (writtenBytes < bytes.length) {
      throw Object.assign(new Error('ENOSPC: only a part of the line was written'), { code: 'ENOSPC' });
    }
    lengthBytes += bytes.length;
    endIsComplete = true;
  }

  /** Undoes a failed write durably: complete lines of it would reappear at the next start. */
  async function undoWrite(): Promise<void> {
    await disk.truncate(file, lengthBytes);
    await disk.sync(file);
    endIsComplete = true;
  }

  function becomeUnsure(cause: unknown): DurabilityUnknownError {
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
    try {
      await write(Buffer.concat(batch.lines));
    } catch (error) {
      const undone = await undoWrite().catch(becomeUnsure);
      return loseWithFollowers(batch, undone ?? error);
    }
    try {
      await disk.sync(file);
    } catch (error) {
      return loseWithFollowers(batch, becomeUnsure(error));
    }
    batch.keep();
  }

  return {
    append(entry) {
      if (unsure !== undefined) return Promise.reject(unsure);
      const line = lineOf(entry);
      const written = turn.then(() => write(line));
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

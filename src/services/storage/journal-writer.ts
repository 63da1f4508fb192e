import type { FileHandle } from 'node:fs/promises';
import type { JournalDisk } from './journal-disk.ts';
import { DurabilityUnknownError } from './journal-errors.ts';

export interface JournalWriter {
  append(entry: object): Promise<void>;
  commit(entry: object): Promise<void>;
  close(): Promise<void>;
}

/** Lines that are written and synced together. They share their fate, and so one promise. */
interface Batch {
  readonly lines: Buffer[];
  readonly durable: Promise<void>;
  readonly keep: () => void;
  readonly lose: (error: unknown) => void;
}

/**
 * Writes the lines of a journal, one write at a time.
 *
 * Commits gather while an earlier batch is written and synced. When a batch is lost, the one that gathers behind it is
 * lost with it, since its entries were decided on top of what was lost; `onLost` is called before any of their promises
 * rejects, so that nothing can be decided on top of them any more.
 * @param wholeBytes the length of the file, which ends with a whole line
 */
export function createJournalWriter(options: {
  readonly path: string;
  readonly file: FileHandle;
  readonly wholeBytes: number;
  readonly disk: JournalDisk;
  readonly onLost: (error: unknown) => void;
}): JournalWriter {
  const { path, file, disk, onLost } = options;
  let { wholeBytes } = options;
  let endIsWhole = true;
  let turn: Promise<void> = Promise.resolve();
  let gathering: Batch | undefined;
  let unsure: DurabilityUnknownError | undefined;

  async function write(bytes: Buffer): Promise<void> {
    if (!endIsWhole) await disk.cut(file, wholeBytes);
    endIsWhole = false;
    const writtenBytes = await disk.write(file, bytes);
    if (writtenBytes < bytes.length) {
      throw Object.assign(new Error('ENOSPC: only a part of the line was written'), { code: 'ENOSPC' });
    }
    wholeBytes += bytes.length;
    endIsWhole = true;
  }

  /** Takes back a write that failed, durably: whole lines of it would come to life at the next start. */
  async function undoWrite(): Promise<void> {
    await disk.cut(file, wholeBytes);
    await disk.sync(file);
    endIsWhole = true;
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
    // It was lost with the batch before it.
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
      // Whoever appended gets the error; the next one has its own turn all the same.
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

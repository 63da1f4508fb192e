import type { FileHandle } from 'node:fs/promises';

/** What a journal asks of the disk. It comes in as a parameter, so that tests can observe it and make it fail. */
export interface JournalDisk {
  /** Appends bytes with one write. @returns how many were written */
  write(file: FileHandle, bytes: Buffer): Promise<number>;
  /** Makes durable what was written. */
  sync(file: FileHandle): Promise<void>;
  /** Truncates a file to this length. */
  cut(file: FileHandle, lengthBytes: number): Promise<void>;
}

export const journalDisk: JournalDisk = {
  write: async (file, bytes) => (await file.write(bytes)).bytesWritten,
  // fdatasync: it does not sync the time of the last change, but it does sync the length of the file.
  sync: (file) => file.datasync(),
  cut: (file, lengthBytes) => file.truncate(lengthBytes),
};

import type { FileHandle } from 'node:fs/promises';

/** What a journal needs from the disk. It is a parameter, so that tests can observe it and make it fail. */
export interface JournalDisk {
  /**
   * Appends bytes with one write.
   * @returns how many were written
   */
  write(file: FileHandle, bytes: Buffer): Promise<number>;
  /** Makes durable what was written. */
  sync(file: FileHandle): Promise<void>;
  /** Truncates a file to this length. */
  truncate(file: FileHandle, lengthBytes: number): Promise<void>;
}

export const journalDisk: JournalDisk = {
  write: async (file, bytes) => (await file.write(bytes)).bytesWritten,
  // fdatasync: it does not sync the time of the last change, but it does sync the length of the file.
  sync: (file) => file.datasync(),
  truncate: (file, lengthBytes) => file.truncate(lengthBytes),
};

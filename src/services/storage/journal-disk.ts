import type { FileHandle } from 'node:fs/promises';

/** What a journal asks of the disk, so that a test can count it and break it. */
export interface JournalDisk {
  /** Appends bytes with one write. @returns how many of them were written */
  write(file: FileHandle, bytes: Buffer): Promise<number>;
  /** Makes what was written durable. */
  sync(file: FileHandle): Promise<void>;
  /** Cuts a file off after so many bytes. */
  cut(file: FileHandle, lengthBytes: number): Promise<void>;
}

export const journalDisk: JournalDisk = {
  write: async (file, bytes) => (await file.write(bytes)).bytesWritten,
  // The time of the last change may be lost, the length of the file may not: fdatasync keeps it.
  sync: (file) => file.datasync(),
  cut: (file, lengthBytes) => file.truncate(lengthBytes),
};

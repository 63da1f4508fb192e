import fs, { closeSync, constants, fstatSync } from 'node:fs';
import { link, mkdir, readdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { errorCode } from '../../contracts/errors.ts';
import { openFolder, openRegularFile, refuseOddFolder } from '../../platform/files/open-regular-file.ts';

/**
 * What the stores need from the disk. It is a parameter, so that it can be made to fail. No symbolic link is followed: it
 * could lead out of the database. What is created can be read by this user alone.
 */
export interface Disk {
  /**
   * The names in a folder; none if the folder does not exist.
   * @throws OddFileError if it is not a folder
   */
  readFolder(path: string): Promise<readonly string[]>;
  /** Writes a new file and syncs it. */
  writeFile(path: string, text: string): Promise<void>;
  /** Gives a file a second name with link(2), which never overwrites: `exists` if the name is taken. */
  link(from: string, to: string): Promise<'created' | 'exists'>;
  /** Makes the entries of a folder durable: they are still there after a power loss. */
  syncFolder(path: string): Promise<void>;
}

export const realDisk: Disk = {
  async readFolder(path) {
    try {
      refuseOddFolder(path);
      return await readdir(path);
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return [];
      throw error;
    }
  },

  async writeFile(path, text) {
    const file = await openRegularFile(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
  },

  async link(from, to) {
    try {
      await link(from, to);
      return 'created';
    } catch (error) {
      if (errorCode(error) === 'EEXIST') return 'exists';
      throw error;
    }
  },

  async syncFolder(path) {
    const descriptor = openFolder(path);
    try {
      await promisify(fs.fsync)(descriptor);
    } finally {
      closeSync(descriptor);
    }
  },
};

/**
 * The text of a file; undefined if the file does not exist.
 * @throws OddFileError if it is anything but a regular file
 */
export async function readTextIfExists(path: string): Promise<string | undefined> {
  try {
    return await readText(path);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** @throws OddFileError if it is anything but a regular file */
export async function readText(path: string): Promise<string> {
  const file = await openRegularFile(path, constants.O_RDONLY);
  try {
    const { size } = fstatSync(file.fd);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size + 1), 0, size + 1, 0);
    // `readFile` alone would take three calls.
    return bytesRead === size ? buffer.toString('utf8', 0, size) : await file.readFile('utf8');
  } finally {
    await file.close();
  }
}

/** A record as the text of a JSON file that a person can read. */
export function jsonText(record: object): string {
  return `${JSON.stringify(record, null, 2)}\n`;
}

/**
 * Creates a folder durably, in a parent that exists; a folder that already exists is made durable too.
 * @throws OddFileError if the path names anything but a folder
 */
export async function createFolder(path: string, disk: Disk = realDisk): Promise<void> {
  try {
    await mkdir(path, 0o700);
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
    refuseOddFolder(path);
  }
  await disk.syncFolder(dirname(path));
}

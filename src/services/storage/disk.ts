import { link, mkdir, open, readdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorCode } from '../../contracts/errors.ts';

/** What the stores need from the disk. It is a parameter, so that it can be made to fail. */
export interface Disk {
  /** The names in a folder; none if the folder does not exist. */
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
      return await readdir(path);
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return [];
      throw error;
    }
  },

  async writeFile(path, text) {
    const file = await open(path, 'wx');
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
    const folder = await open(path, 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  },
};

/** The text of a file; undefined if the file does not exist. */
export async function readTextIfExists(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** A record as the text of a JSON file that a person can read. */
export function jsonText(record: object): string {
  return `${JSON.stringify(record, null, 2)}\n`;
}

/** Creates a folder durably, in a parent that exists; a folder that already exists is made durable too. */
export async function createFolder(path: string, disk: Disk = realDisk): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
  }
  await disk.syncFolder(dirname(path));
}

import type { Disk } from './disk.ts';

const MAX_REMEMBERED = 50_000;

/**
 * Remembers which folders are durable. A file that is read may have been put there by a process that died, or failed,
 * before it synced the folder; it must be durable before anybody is told about it.
 */
export interface DurableFolders {
  /** Syncs a folder, unless it is known to be durable. */
  ensure(path: string): Promise<void>;
  /** A file is about to be added: until the next `ensure` the folder does not count as durable. */
  changing(path: string): void;
}

export function createDurableFolders(disk: Disk): DurableFolders {
  /** The latest sync of each folder; removed when the folder changes, so that a sync that began before does not count. */
  const syncs = new Map<string, { isDone: boolean }>();
  return {
    async ensure(path) {
      if (syncs.get(path)?.isDone === true) return;
      if (syncs.size >= MAX_REMEMBERED) syncs.clear();
      const sync = { isDone: false };
      syncs.set(path, sync);
      await disk.syncFolder(path);
      sync.isDone = true;
    },
    changing: (path) => void syncs.delete(path),
  };
}

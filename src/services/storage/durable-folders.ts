import type { Disk } from './disk.ts';

const MAX_REMEMBERED = 50_000;

/**
 * Remembers which folders are durable. A file that is read may come from a process that died, or failed, before it
 * synced the folder. The file must be durable before a response shows it.
 */
export interface DurableFolders {
  /** Syncs a folder, unless it is known to be durable. */
  ensure(path: string): Promise<void>;
  /**
   * Changes a folder: only a sync that begins after the change makes it durable.
   * @param work adds a file to it
   */
  change<Result>(path: string, work: () => Promise<Result>): Promise<Result>;
}

export function createDurableFolders(disk: Disk): DurableFolders {
  /**
   * The latest sync of each folder; removed when the folder changes, so that a sync that began before does not count.
   */
  const syncs = new Map<string, { isDone: boolean }>();
  /** How many changes of a folder are in progress: a sync that begins meanwhile may miss what they add. */
  const changes = new Map<string, number>();

  return {
    async ensure(path) {
      if (syncs.get(path)?.isDone === true) return;
      if (syncs.size >= MAX_REMEMBERED) syncs.clear();
      const sync = { isDone: false };
      if (!changes.has(path)) syncs.set(path, sync);
      await disk.syncFolder(path);
      sync.isDone = true;
    },
    async change(path, work) {
      syncs.delete(path);
      changes.set(path, (changes.get(path) ?? 0) + 1);
      try {
        return await work();
      } finally {
        const others = (changes.get(path) ?? 1) - 1;
        if (others === 0) changes.delete(path);
        else changes.set(path, others);
      }
    },
  };
}

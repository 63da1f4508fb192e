import { syncFolder } from '../storage/folders.ts';

const MOST_KNOWN_FOLDERS = 50_000;

/**
 * What is read may have been put there by a process that died, or failed, before it synced the folder. Nobody may be
 * told of it before it is durable.
 */
export interface DurableFolders {
  /** Syncs a folder unless it is known to be durable. */
  ensure(path: string): Promise<void>;
  /** From now on, and until `ensure`, the folder counts as not durable. */
  unresolved(path: string): void;
}

export function createDurableFolders(): DurableFolders {
  const durable = new Set<string>();
  return {
    async ensure(path) {
      if (durable.has(path)) return;
      await syncFolder(path);
      if (durable.size >= MOST_KNOWN_FOLDERS) durable.clear();
      durable.add(path);
    },
    unresolved: (path) => void durable.delete(path),
  };
}

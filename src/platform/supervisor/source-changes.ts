import { type FSWatcher, readdirSync, watch } from 'node:fs';
import { join, relative } from 'node:path';

/** Editors write a file in several steps. */
const SETTLES_AFTER_MS = 250;

/**
 * Watches TypeScript sources, without tests. Folders that are created later are not watched.
 * @param folders relative to the root, with everything in them
 * @param onChange called with the path of a changed file, relative to the root, once its changes have settled
 * @returns a function that stops watching
 */
export function watchSource(root: string, folders: readonly string[], onChange: (file: string) => void): () => void {
  let settling: NodeJS.Timeout | undefined;
  const changed = (file: string) => {
    if (!/(?<!\.(test|fixture))\.ts$/.test(file)) return;
    clearTimeout(settling);
    settling = setTimeout(() => onChange(relative(root, file)), SETTLES_AFTER_MS);
  };
  const watchers: FSWatcher[] = [];
  // Not recursively: on Linux, Node then loses a file that an editor replaces.
  for (const folder of withSubfolders(folders.map((each) => join(root, each)))) {
    const watcher = watch(
      folder,
      { persistent: false },
      (_event, name) => name !== null && changed(join(folder, name)),
    );
    // A folder that is removed is not watched any more.
    watchers.push(watcher.on('error', () => watcher.close()));
  }
  return () => {
    clearTimeout(settling);
    for (const watcher of watchers) watcher.close();
  };
}

function withSubfolders(folders: readonly string[]): readonly string[] {
  return folders.flatMap((folder) => {
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
    const subfolders = entries.filter((entry) => entry.isDirectory());
    return [folder, ...subfolders.map(({ parentPath, name }) => join(parentPath, name))];
  });
}

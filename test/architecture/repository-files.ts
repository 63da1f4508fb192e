import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { PROJECT_FOLDER } from '../../src/platform/processes/project-folder.ts';

/** The files of this repository, relative to its root, without those in node_modules and in hidden folders. */
export async function repositoryFiles(): Promise<readonly string[]> {
  const top = await readdir(PROJECT_FOLDER, { withFileTypes: true });
  const folders = top.filter((each) => each.isDirectory() && !/^(\.|node_modules$)/.test(each.name));
  const inFolders = await Promise.all(
    folders.map(async ({ name }) => {
      const files = await readdir(path.join(PROJECT_FOLDER, name), { recursive: true });
      return files.map((file) => path.join(name, file));
    }),
  );
  return [...top.filter((each) => each.isFile()).map(({ name }) => name), ...inFolders.flat()].sort();
}

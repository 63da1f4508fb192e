import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { replaceLine } from './replace-line.ts';

const COPIED = ['src', 'packages', 'scripts', 'package.json', 'package-lock.json', 'tsconfig.json'];

export interface SourceCopy {
  readonly root: string;
  /**
   * Replaces a line of a file; indentation is ignored and kept.
   * @returns the number of the line
   * @throws unless the file has the line exactly once
   */
  replaceLine(file: string, line: string, by: string): Promise<number>;
  remove(): Promise<void>;
}

/** Copies the source into a temporary folder, where it can be changed. The copy shares the installed packages. */
export async function copySource(projectRoot: string): Promise<SourceCopy> {
  const root = await mkdtemp(path.join(tmpdir(), 'temporal-ticketing-source-'));
  for (const name of COPIED) await cp(path.join(projectRoot, name), path.join(root, name), { recursive: true });
  await linkPackages(projectRoot, root);
  return {
    root,
    async replaceLine(file, line, by) {
      const replaced = replaceLine(await readFile(path.join(root, file), 'utf8'), line, by);
      if (replaced === undefined) throw new Error(`${file} does not have this line exactly once: ${line}`);
      await writeFile(path.join(root, file), replaced.text);
      return replaced.line;
    },
    remove: () => rm(root, { recursive: true, force: true }),
  };
}

/** Shares the installed packages with a copy of the project. Only the library is the copy's own. */
export async function linkPackages(projectRoot: string, copyRoot: string): Promise<void> {
  const installed = path.join(projectRoot, 'node_modules');
  const linked = path.join(copyRoot, 'node_modules');
  await mkdir(linked);
  for (const name of await readdir(installed)) {
    const target = name === 'exactly-one' ? '../packages/exactly-one' : path.join(installed, name);
    await symlink(target, path.join(linked, name));
  }
}

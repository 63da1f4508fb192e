import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { PROJECT_FOLDER } from '../../src/platform/processes/project-folder.ts';
import type { Mutant } from './mutants.ts';

/** A mutant does not match the code: its text does not occur exactly once, or the simulation does not use its file. */
class MutantMismatchError extends Error {
  override readonly name = 'MutantMismatchError';
}

/**
 * Compiles the search thread with a mutant of the protocol into one file.
 * @throws MutantMismatchError when the text to replace does not occur exactly once, or the simulation does not use its file
 */
export async function compileMutant(mutant: Mutant, outfile: string): Promise<void> {
  const path = join(PROJECT_FOLDER, mutant.file);
  const replacement = replaceFile(path, mutate(await readFile(path, 'utf8'), mutant));
  await build({
    absWorkingDir: PROJECT_FOLDER,
    entryPoints: [join(PROJECT_FOLDER, 'evidence/simulation/search-thread.ts')],
    bundle: true,
    external: ['node:*'],
    conditions: ['@exactly-one/source'],
    platform: 'node',
    target: 'node20',
    format: 'esm',
    outfile,
    logLevel: 'silent',
    plugins: [replacement.plugin],
  });
  if (!replacement.wasUsed()) {
    throw new MutantMismatchError(`mutant "${mutant.name}": the simulation does not use ${mutant.file}`);
  }
}

/** @throws MutantMismatchError when the text to replace does not occur exactly once */
export function mutate(text: string, { name, file, from, to }: Mutant): string {
  const pattern = ignoringWhiteSpace(from);
  const found = text.match(pattern)?.length ?? 0;
  if (found !== 1 || from === to) {
    throw new MutantMismatchError(
      `mutant "${name}": the text to replace occurs ${found} times in ${file}, expected once:\n  ${from}`,
    );
  }
  return text.replace(pattern, () => to);
}

/** Any white space matches any other, so that mutants do not depend on how the formatter breaks lines. */
function ignoringWhiteSpace(text: string): RegExp {
  const words = text.trim().split(/\s+/);
  return new RegExp(words.map((word) => word.replace(/[$()*+.?[\\\]^{|}]/g, '\\$&')).join('\\s+'), 'g');
}

function replaceFile(path: string, contents: string): { readonly plugin: Plugin; readonly wasUsed: () => boolean } {
  let used = false;
  const plugin: Plugin = {
    name: 'mutant',
    setup(esbuild) {
      esbuild.onLoad({ filter: /\.ts$/ }, (file) => {
        if (file.path !== path) return undefined;
        used = true;
        return { contents, loader: 'ts' };
      });
    },
  };
  return { plugin, wasUsed: () => used };
}

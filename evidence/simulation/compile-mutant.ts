import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { PROJECT_FOLDER } from '../../src/platform/processes/project-folder.ts';
import type { Mutant } from './mutants.ts';

/** A mutant whose old text is not in its file exactly once: the list has rotted, or the file has changed under it. */
export class MutantMissesError extends Error {
  override readonly name = 'MutantMissesError';
}

/**
 * Compiles the thread that plays the scenarios, with one text of the protocol replaced.
 * @param outfile where the program is written
 * @throws MutantMissesError when the text is not found exactly once, or the simulation does not use the file
 */
export async function compileMutant(mutant: Mutant, outfile: string): Promise<void> {
  const path = join(PROJECT_FOLDER, mutant.file);
  const contents = mutate(await readFile(path, 'utf8'), mutant);
  const replacement = replacing(path, contents);
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
    throw new MutantMissesError(`mutant "${mutant.name}": the simulation does not use ${mutant.file}`);
  }
}

/** @throws MutantMissesError when the old text is not found exactly once */
export function mutate(text: string, { name, file, from, to }: Mutant): string {
  const pattern = anyWhiteSpace(from);
  const found = text.match(pattern)?.length ?? 0;
  if (found !== 1 || from === to) {
    throw new MutantMissesError(`mutant "${name}": its text is ${found} times in ${file}, expected once:\n  ${from}`);
  }
  return text.replace(pattern, () => to);
}

/** Matches a text wherever its lines are broken, so that a mutant does not depend on the formatter. */
function anyWhiteSpace(text: string): RegExp {
  const words = text.trim().split(/\s+/);
  return new RegExp(words.map((word) => word.replace(/[$()*+.?[\\\]^{|}]/g, '\\$&')).join('\\s+'), 'g');
}

function replacing(path: string, contents: string): { readonly plugin: Plugin; readonly wasUsed: () => boolean } {
  let used = false;
  const plugin: Plugin = {
    name: 'mutant',
    setup(compiling) {
      compiling.onLoad({ filter: /\.ts$/ }, (file) => {
        if (file.path !== path) return undefined;
        used = true;
        return { contents, loader: 'ts' };
      });
    },
  };
  return { plugin, wasUsed: () => used };
}

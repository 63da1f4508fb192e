import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { PROJECT_FOLDER } from '../../src/platform/processes/project-folder.ts';
import { runCommand } from './run-command.ts';

const MODULE = { nodenext: 'nodenext', bundler: 'esnext' } as const;

/**
 * Checks a TypeScript project that imports every entry of the library, and the program of the README.
 * @throws with the errors of `tsc`
 */
export async function typeCheck({
  consumer,
  entries,
  resolution,
}: {
  readonly consumer: string;
  readonly entries: readonly string[];
  readonly resolution: keyof typeof MODULE;
}): Promise<void> {
  const nodeModules = path.join(PROJECT_FOLDER, 'node_modules');
  const compilerOptions = {
    ...{ target: 'es2023', lib: ['es2023'], module: MODULE[resolution], moduleResolution: resolution },
    ...{ noEmit: true, strict: true, noImplicitAny: false, allowJs: true, checkJs: true, skipLibCheck: true },
    ...{ typeRoots: [path.join(nodeModules, '@types')], types: ['node'] },
  };
  await writeFile(path.join(consumer, 'entries.mts'), importsOf(entries));
  await writeFile(
    path.join(consumer, 'tsconfig.json'),
    JSON.stringify({ compilerOptions, include: ['*.mts', '*.mjs'] }),
  );
  await runCommand(path.join(nodeModules, '.bin/tsc'), ['--project', consumer], consumer);
}

/** An entry whose types are not found would be `any`, which has every export. */
function importsOf(entries: readonly string[]): string {
  return entries
    .map((entry, index) =>
      [
        `import * as entry${index} from '${entry}';`,
        '// @ts-expect-error: there is no such export',
        `export const missing${index} = entry${index}.noSuchExport;`,
      ].join('\n'),
    )
    .join('\n');
}

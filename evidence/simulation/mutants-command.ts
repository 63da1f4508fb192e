import { colors } from '../../src/platform/logging/colors.ts';
import { MUTANTS } from './mutants.ts';
import { type MutantResult, runMutants } from './run-mutants.ts';

/**
 * Plays scenarios against mutants, and prints which of them were found.
 * @returns the exit code: 0 when every mutant was found, 1 when one survived, 2 when no mutant was selected
 */
export async function mutantsCommand(options: {
  readonly fromSeed: number;
  readonly seeds: number;
  readonly threads: number;
  /** Selects the mutants whose names contain one of these texts; empty: all mutants. */
  readonly only: readonly string[];
}): Promise<number> {
  const { only } = options;
  const selected = MUTANTS.filter(({ name }) => only.length === 0 || only.some((text) => name.includes(text)));
  if (selected.length === 0) {
    console.error(`error: no mutant's name contains ${only.join(' or ')}. All names: evidence/simulation/mutants.ts`);
    return 2;
  }
  const width = Math.max(...selected.map(({ name }) => name.length));
  console.log(`${'mutant'.padEnd(width)}  ${'file'.padEnd(20)}  ${'seeds'.padStart(6)}  found by`);
  const results = await runMutants(selected, options, (result) => console.log(row(result, width, options.fromSeed)));
  const survivors = results.filter(({ foundBy }) => foundBy === undefined);
  const verdict = `\n${results.length - survivors.length} of ${results.length} mutants found`;
  console.log(survivors.length === 0 ? colors.green(verdict) : colors.red(verdict));
  for (const { mutant } of survivors) console.log(`survived ${options.seeds} seeds: ${mutant.name}`);
  return survivors.length === 0 ? 0 : 1;
}

function row({ mutant, foundBy }: MutantResult, width: number, fromSeed: number): string {
  const file = mutant.file.replace(/^.*\//, '');
  const seeds = typeof foundBy === 'object' ? String(foundBy.seed - fromSeed + 1) : '-';
  const by =
    foundBy === undefined
      ? colors.red('survived')
      : typeof foundBy === 'string'
        ? foundBy
        : foundBy.violation.invariant;
  return `${mutant.name.padEnd(width)}  ${file.padEnd(20)}  ${seeds.padStart(6)}  ${by}`;
}

import { colors } from '../../src/platform/logging/colors.ts';
import { MUTANTS } from './mutants.ts';
import { type Hunted, huntMutants } from './run-mutants.ts';

/** @returns the exit code: 0 when every mutant was found, 1 when one survived, 2 when none was chosen */
export async function huntCommand(options: {
  readonly fromSeed: number;
  readonly seeds: number;
  readonly threads: number;
  /** Texts of names; none: all mutants. */
  readonly only: readonly string[];
}): Promise<number> {
  const { only } = options;
  const chosen = MUTANTS.filter(({ name }) => only.length === 0 || only.some((text) => name.includes(text)));
  if (chosen.length === 0) {
    console.error(`no mutant is called ${only.join(' or ')}; their names are in evidence/simulation/mutants.ts`);
    return 2;
  }
  const width = Math.max(...chosen.map(({ name }) => name.length));
  console.log(`${'mutant'.padEnd(width)}  ${'file'.padEnd(20)}  ${'seeds'.padStart(6)}  broken`);
  const hunted = await huntMutants(chosen, options, (one) => console.log(row(one, width, options.fromSeed)));
  const survivors = hunted.filter(({ killedBy }) => killedBy === undefined);
  const verdict = `\n${hunted.length - survivors.length} of ${hunted.length} mutants found`;
  console.log(survivors.length === 0 ? colors.green(verdict) : colors.red(verdict));
  for (const { mutant } of survivors) console.log(`survived ${options.seeds} seeds: ${mutant.name}`);
  return survivors.length === 0 ? 0 : 1;
}

function row({ mutant, killedBy }: Hunted, width: number, fromSeed: number): string {
  const file = mutant.file.replace('packages/exactly-one/src/', '');
  const [seeds, broken] =
    killedBy === undefined
      ? ['-', colors.red('survived')]
      : typeof killedBy === 'string'
        ? ['-', `it ${killedBy}`]
        : [String(killedBy.seed - fromSeed + 1), killedBy.violation.invariant];
  return `${mutant.name.padEnd(width)}  ${file.padEnd(20)}  ${seeds.padStart(6)}  ${broken}`;
}

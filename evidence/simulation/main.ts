import { availableParallelism } from 'node:os';
import { GUARANTEES, type Guarantee } from 'exactly-one';
import { createCommandLine, oneOf, runCommandLine, wholeNumber } from '../../src/platform/processes/command-line.ts';
import { runProgram } from '../../src/platform/processes/run-program.ts';
import { mutantsCommand } from './mutants-command.ts';
import { replayCommand } from './replay-command.ts';
import { searchCommand } from './search-command.ts';

const MAX_SEED = Number.MAX_SAFE_INTEGER;
const MAX_THREADS = 1_024;
const SEEDS = 200_000;
const SEEDS_PER_MUTANT = 60_000;

interface Options {
  readonly seeds?: number;
  readonly from: number;
  readonly seed?: number;
  readonly guarantee?: Guarantee;
  readonly mutants?: boolean;
  readonly only?: readonly string[];
  readonly threads: number;
}

const commandLine = createCommandLine('npm run simulate --', {
  description: 'Plays seeded scenarios with the real protocol, under every kind of fault, and checks every invariant.',
  exitCodes: { 0: 'every invariant held (with --mutants: every mutant was found)', 1: 'not every one' },
})
  .option(
    '--seeds <count>',
    `number of scenarios to play (default: ${SEEDS}, with --mutants ${SEEDS_PER_MUTANT} per mutant)`,
    wholeNumber(1, MAX_SEED),
  )
  .option('--from <seed>', 'first seed', wholeNumber(0, MAX_SEED), 0)
  .option(
    '--guarantee <name>',
    `play only scenarios with this guarantee: ${GUARANTEES.join(', ')}`,
    oneOf('a guarantee', GUARANTEES),
  )
  .option('--seed <seed>', 'play only the scenario of this seed, and print what happens', wholeNumber(0, MAX_SEED))
  .option('--mutants', 'play against mutants, which are wrong versions of the protocol; each must be found')
  .option('--only <texts...>', 'with --mutants: only mutants whose name contains one of these texts')
  .option('--threads <count>', 'number of threads', wholeNumber(1, MAX_THREADS), availableParallelism());

await runProgram(() => runCommandLine(commandLine, process.argv.slice(2), simulate));

/** @returns the exit code */
function simulate({ seeds, from, seed, guarantee, mutants, only, threads }: Options): Promise<number> {
  if (mutants === true) {
    return mutantsCommand({ fromSeed: from, seeds: seeds ?? SEEDS_PER_MUTANT, threads, only: only ?? [] });
  }
  if (seed !== undefined) return replayCommand(seed);
  const options = { fromSeed: from, seeds: seeds ?? SEEDS, ...(guarantee === undefined ? {} : { guarantee }) };
  return searchCommand(options, threads);
}

import { availableParallelism } from 'node:os';
import { Command, Option } from 'commander';
import { GUARANTEES, type Guarantee } from 'exactly-one';
import { wholeNumber } from '../../src/platform/processes/command-line.ts';
import { runProgram } from '../../src/platform/processes/run-program.ts';
import { huntCommand } from './mutants-command.ts';
import { replayCommand } from './replay-command.ts';
import { searchCommand } from './search-command.ts';

const EXIT_WRONG_USE = 2;
const LARGEST = Number.MAX_SAFE_INTEGER;
const MOST_THREADS = 1_024;

interface Options {
  readonly seeds?: number;
  readonly from: number;
  readonly seed?: number;
  readonly guarantee?: Guarantee;
  readonly mutants?: boolean;
  readonly only?: readonly string[];
  readonly threads: number;
}

const command = new Command('npm run simulate --')
  .description('Plays seeded scenarios of all that can go wrong against the real protocol, and checks every invariant.')
  .option('--seeds <number>', 'how many scenarios; default 200000, and 60000 for each mutant', wholeNumber(1, LARGEST))
  .option('--from <seed>', 'the first seed', wholeNumber(0, LARGEST), 0)
  .addOption(new Option('--guarantee <name>', 'only scenarios of this guarantee').choices(GUARANTEES))
  .addOption(new Option('--seed <number>', 'tells the scenario of this seed alone').argParser(wholeNumber(0, LARGEST)))
  .option('--mutants', 'plays them against wrong versions of the protocol, each of which must be found')
  .option('--only <names...>', 'of the mutants: those whose names contain one of these texts')
  .option('--threads <number>', 'how many threads', wholeNumber(1, MOST_THREADS), availableParallelism())
  .addHelpText('after', '\nExit code: 0 nothing is broken (every mutant was found), 1 something is, 2 wrong use.')
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : EXIT_WRONG_USE))
  .parse();

const { seeds, from, seed, guarantee, mutants, only, threads } = command.opts<Options>();

await runProgram(() => {
  if (mutants === true) return huntCommand({ fromSeed: from, seeds: seeds ?? 60_000, threads, only: only ?? [] });
  if (seed !== undefined) return replayCommand(seed);
  const search = { fromSeed: from, seeds: seeds ?? 200_000, ...(guarantee === undefined ? {} : { guarantee }) };
  return searchCommand(search, threads);
});

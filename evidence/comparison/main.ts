import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { MAX_SEED } from '../../src/contracts/whole-number.ts';
import { colors } from '../../src/platform/logging/colors.ts';
import { wholeNumber } from '../../src/platform/processes/command-line.ts';
import { onStopSignals } from '../../src/platform/processes/on-stop-signals.ts';
import { runProgram } from '../../src/platform/processes/run-program.ts';
import { TICKET_SYSTEM_PRESETS } from '../../src/services/faults/ticket-system-presets.ts';
import { createNarrator } from '../../testbed/narrator.ts';
import { compare } from './compare.ts';
import { comparisonChart } from './comparison-chart.ts';
import { brokenClaims, comparisonLines } from './comparison-lines.ts';
import { type ComparisonOptions, SETTINGS } from './play-strategy.ts';
import { STRATEGY_NAMES, strategiesOf } from './strategies.ts';

const EXIT_WRONG_USE = 2;
const MOST_ORDERS = 200;

interface Options extends ComparisonOptions {
  readonly strategies: readonly string[];
  readonly atOnce: number;
  readonly json: boolean;
  readonly svg?: string;
}

const command = new Command('npm run compare --')
  .description(
    'Sends the same orders, with the same faults, through several strategies, each on a Temporal server and a ' +
      'ticket system of its own, kills the worker (or the script) once, and counts the tickets in the files.',
  )
  .option('--orders <n>', `for each strategy, 1 to ${MOST_ORDERS}`, wholeNumber(1, MOST_ORDERS), 30)
  .option('--seed <n>', 'of the faults; the same seed makes the same faults', wholeNumber(0, MAX_SEED), 112_358)
  .addOption(
    new Option('--faults <preset>', 'of the ticket system')
      .choices(Object.keys(TICKET_SYSTEM_PRESETS))
      .default('hostile'),
  )
  .addOption(
    new Option('--strategies <names>', `of ${STRATEGY_NAMES.join(', ')}; with commas between`)
      .argParser(namesOf)
      .default(STRATEGY_NAMES, 'all'),
  )
  .option('--at-once <n>', 'strategies; more are done sooner, but take time from each other', wholeNumber(1, 7), 1)
  .option('--json', 'one JSON object on stdout; what is told goes to stderr', false)
  .option('--svg <file>', 'writes a chart as well', fileInFolder)
  .addHelpText('after', '\nExit code: 0 each order has one ticket where that is claimed, 1 it has not, 2 wrong use.')
  .showHelpAfterError()
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : EXIT_WRONG_USE))
  .parse();

await runProgram(() => runComparison(command.opts<Options>()));

async function runComparison(options: Options): Promise<number> {
  const { orders, seed, faults, atOnce, json, svg } = options;
  const narrator = createNarrator(json);
  const stop = new AbortController();
  onStopSignals(
    () => stop.abort(new Error('stopped before the end')),
    () => process.exit(1),
  );
  try {
    narrator.line(`faults ${colors.bold(faults)}, seed ${seed}, ${orders} orders: the same for each strategy`);
    const timings = Object.entries(SETTINGS).map(([name, value]) => `${name}=${value}`);
    narrator.line(colors.dim(timings.join(' ')));
    const comparison = await compare(strategiesOf(options.strategies), options, {
      ...{ narrator, atOnce, signal: stop.signal },
    });
    const broken = brokenClaims(comparison.strategies);
    if (svg !== undefined) await writeFile(svg, comparisonChart(comparison));
    narrator.end();
    if (json) console.log(JSON.stringify({ ...comparison, brokenClaims: broken }));
    else for (const line of comparisonLines(comparison)) console.log(line);
    return broken.length === 0 ? 0 : 1;
  } finally {
    narrator.end();
  }
}

/** A mistake in the name is not told after minutes. */
function fileInFolder(file: string): string {
  const folder = path.dirname(path.resolve(file));
  if (existsSync(folder)) return file;
  throw new InvalidArgumentError(`there is no folder ${folder}.`);
}

function namesOf(text: string): readonly string[] {
  const names = text.split(',').map((name) => name.trim());
  const unknown = names.find((name) => !STRATEGY_NAMES.includes(name));
  if (unknown === undefined) return names;
  throw new InvalidArgumentError(
    `there is no strategy ${JSON.stringify(unknown)}; there are ${STRATEGY_NAMES.join(', ')}.`,
  );
}

import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { InvalidArgumentError, Option } from 'commander';
import { counted } from '../../src/contracts/counted.ts';
import { MAX_SEED } from '../../src/contracts/whole-number.ts';
import { colors } from '../../src/platform/logging/colors.ts';
import { createCommandLine, oneOf, runCommandLine, wholeNumber } from '../../src/platform/processes/command-line.ts';
import { onStopSignals } from '../../src/platform/processes/on-stop-signals.ts';
import { runProgram } from '../../src/platform/processes/run-program.ts';
import { TICKET_SYSTEM_PRESETS } from '../../src/services/faults/ticket-system-faults.ts';
import { createNarrator } from '../../testbed/narrator.ts';
import { compare } from './compare.ts';
import { comparisonChart } from './comparison-chart.ts';
import { brokenClaims, comparisonReport } from './comparison-report.ts';
import { type ComparisonOptions, SETTINGS } from './play-strategy.ts';
import { readStrategyNames, STRATEGIES, STRATEGY_NAMES, strategiesNamed } from './strategies.ts';

const MAX_ORDERS = 200;

interface Options extends ComparisonOptions {
  readonly strategies: readonly string[];
  readonly atOnce: number;
  readonly json: boolean;
  readonly svg?: string;
}

const PRESETS = Object.keys(TICKET_SYSTEM_PRESETS);

const commandLine = createCommandLine('npm run compare --', {
  description:
    'Runs the same orders with the same faults through several strategies, each with a Temporal server and a ticket ' +
    "system of its own. Kills the worker (or the script) once, and counts the tickets in the ticket system's files.",
  exitCodes: { 0: 'every strategy that claims exactly one ticket got it', 1: 'not every one' },
})
  .option('--orders <n>', `orders per strategy, 1 to ${MAX_ORDERS}`, wholeNumber(1, MAX_ORDERS), 30)
  .option('--seed <n>', 'seed of the faults; the same seed gives the same faults', wholeNumber(0, MAX_SEED), 314_159)
  .option(
    '--faults <preset>',
    `fault preset of the ticket system: ${PRESETS.join(', ')}`,
    oneOf('a preset', PRESETS),
    'hostile',
  )
  .addOption(
    new Option('--strategies <names>', `comma-separated: ${STRATEGY_NAMES.join(', ')}`)
      .argParser(readStrategyNames)
      .default(STRATEGY_NAMES, 'all'),
  )
  .option(
    '--at-once <n>',
    'strategies to run at the same time; more finish sooner but compete for the CPU',
    wholeNumber(1, STRATEGIES.length),
    1,
  )
  .option('--json', 'print one JSON object to stdout; progress goes to stderr', false)
  .option('--svg <file>', 'also write a chart to this file', fileInExistingFolder);

await runProgram(() => runCommandLine(commandLine, process.argv.slice(2), runComparison));

async function runComparison(options: Options): Promise<number> {
  const { orders, seed, faults, atOnce, json, svg } = options;
  const narrator = createNarrator(json);
  const stopping = new AbortController();
  onStopSignals(
    () => stopping.abort(new Error('stopped before the end')),
    () => process.exit(1),
  );
  try {
    narrator.line(
      `${counted(orders, 'order')}, faults ${colors.bold(faults)}, seed ${seed}: the same for each strategy`,
    );
    const settings = Object.entries(SETTINGS).map(([name, value]) => `${name}=${value}`);
    narrator.line(colors.dim(settings.join(' ')));
    const strategies = strategiesNamed(options.strategies);
    const comparison = await compare(strategies, options, { narrator, atOnce, signal: stopping.signal });
    const broken = brokenClaims(comparison.strategies);
    if (svg !== undefined) await writeFile(svg, comparisonChart(comparison));
    narrator.end();
    if (json) console.log(JSON.stringify({ ...comparison, brokenClaims: broken }));
    else for (const line of comparisonReport(comparison)) console.log(line);
    return broken.length === 0 ? 0 : 1;
  } finally {
    narrator.end();
  }
}

/** Checked at the start, so that a typo does not surface after minutes. */
function fileInExistingFolder(file: string): string {
  const folder = path.dirname(path.resolve(file));
  if (existsSync(folder)) return file;
  throw new InvalidArgumentError(`the folder ${folder} does not exist.`);
}

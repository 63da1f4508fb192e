import { MAX_SEED } from '../../src/contracts/whole-number.ts';
import { colors } from '../../src/platform/logging/colors.ts';
import { createCommandLine, oneOf, runCommandLine, wholeNumber } from '../../src/platform/processes/command-line.ts';
import { onStopSignals } from '../../src/platform/processes/on-stop-signals.ts';
import { runProgram } from '../../src/platform/processes/run-program.ts';
import { textTable } from '../../src/platform/terminal/text-table.ts';
import { fitted } from '../../src/platform/terminal/wrapped.ts';
import { createNarrator } from '../../testbed/narrator.ts';
import { backoff } from './backoff.ts';
import { breaker } from './breaker.ts';
import { fallback } from './fallback.ts';
import { idempotency } from './idempotency.ts';
import type { Lab } from './lab.ts';
import { retries } from './retries.ts';

const LABS: Readonly<Record<string, Lab>> = { retries, backoff, idempotency, breaker, fallback };

interface Options {
  readonly seed: number;
  readonly json: boolean;
}

const NAMES = Object.keys(LABS);

const commandLine = createCommandLine('npm run lab --', {
  description: 'Demonstrates a pattern for unreliable calls with real services.',
  exitCodes: { 0: 'the pattern did what it promises', 1: 'it did not' },
})
  .argument('[name]', `${NAMES.join(', ')}; without a name, lists them`, oneOf('a lab', NAMES))
  .option(
    '--seed <n>',
    'seed of faults and delays; the same seed gives the same figures',
    wholeNumber(0, MAX_SEED),
    112_358,
  )
  .option('--json', 'print one JSON object and nothing else', false);

await runProgram(() => runCommandLine(commandLine, process.argv.slice(2), runLabs));

/** @returns the exit code */
async function runLabs(name: string | undefined, options: Options): Promise<number> {
  const lab = name === undefined ? undefined : LABS[name];
  if (name !== undefined && lab !== undefined) return runLab(name, lab, options);
  listLabs(options.json);
  return 0;
}

async function runLab(name: string, lab: Lab, { seed, json }: Options): Promise<number> {
  // Temporary folders are removed when the process exits.
  const stop = () => process.exit(1);
  onStopSignals(stop, stop);
  const narrator = createNarrator(json);
  if (!json) narrator.paragraph(`${colors.bold(`${name}: ${lab.shows}`)}\n`);
  const { ok, lines, summary, figures } = await narrator.during('calling the services', lab.run({ seed }));
  if (json) {
    console.log(JSON.stringify({ lab: name, seed, ok, learnt: summary, ...figures }));
  } else {
    for (const line of lines) console.log(line);
    narrator.paragraph(`\n${(ok ? colors.green : colors.red)(summary)}`);
  }
  return ok ? 0 : 1;
}

function listLabs(json: boolean): void {
  const labs = Object.entries(LABS).map(([name, { shows }]) => ({ name, shows }));
  if (json) {
    console.log(JSON.stringify({ labs }));
    return;
  }
  const columns = [{ title: 'lab' }, { title: 'shows' }];
  const rows = labs.map(({ name, shows }) => [name, shows]);
  const indent = Math.max(...NAMES.map((name) => name.length)) + '  '.length;
  for (const line of textTable(columns, rows)) console.log(fitted(line, process.stdout, indent));
  console.log(`\nRun one of them: npm run lab -- ${labs[0]?.name ?? ''}`);
}

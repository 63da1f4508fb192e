import { writeFile } from 'node:fs/promises';
import { Command, InvalidArgumentError } from 'commander';
import { createNarrator } from '../../src/demos/narrator.ts';
import { onStopSignals } from '../../src/processes/on-stop-signals.ts';
import { runProgram } from '../../src/processes/run-program.ts';
import { replay } from './replay.ts';
import { reportLines } from './report/report.ts';
import { runChaos } from './run-chaos.ts';

const EXIT_WRONG_USE = 2;
const LONGEST_MINUTES = 24 * 60;

interface Options {
  readonly minutes: number;
  readonly seed: number;
  readonly json: boolean;
  readonly keep: boolean;
  readonly report?: string;
  readonly replay?: string;
}

const command = new Command('npm run chaos --')
  .description(
    'Orders all the time, on a real Temporal server, the ticket system and two workers, while these are killed, frozen' +
      ' and restarted and every call may fail; after each round all invariants are checked from outside.',
  )
  .option('--minutes <number>', `how long, up to ${LONGEST_MINUTES}`, minutesOf, 2)
  .option('--seed <number>', 'of stops, faults and clients', seedOf, 112_358)
  .option('--json', 'the report as one JSON object; what is told goes to stderr', false)
  .option('--report <file>', 'writes the report as JSON into this file as well')
  .option('--keep', 'keeps databases, logs and histories also when nothing is wrong', false)
  .option('--replay <folder>', 'instead: runs the workflows of today over histories that a violation has left')
  .addHelpText('after', '\nExit code: 0 every invariant held, 1 one did not and everything is kept, 2 wrong use.')
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : EXIT_WRONG_USE))
  .parse();

const options = command.opts<Options>();
await runProgram(() => (options.replay === undefined ? chaos(options) : replay(options.replay)));

/** @returns the exit code */
async function chaos({ minutes, seed, json, keep, report: file }: Options): Promise<number> {
  // What was started leaves with this process.
  onStopSignals(
    () => process.exit(1),
    () => process.exit(1),
  );
  const narrator = createNarrator(json);
  const { report, kept } = await runChaos({ minutes, seed, keep }, narrator);
  narrator.end();
  if (file !== undefined) await writeFile(file, `${JSON.stringify(report, null, 2)}\n`);
  narrator.line();
  for (const line of reportLines(report)) narrator.line(line);
  if (json) console.log(JSON.stringify(report));
  if (kept === undefined) return 0;
  narrator.line(`\nkept: ${kept}`);
  narrator.line(`  what was found   ${kept}/round-${report.rounds}/violations.json`);
  narrator.line(`  what was done    ${kept}/round-${report.rounds}/actions.json`);
  narrator.line(`  the same plan    npm run chaos -- --minutes ${minutes} --seed ${seed}`);
  narrator.line(`  the histories    npm run chaos -- --replay ${kept}/round-${report.rounds}/histories`);
  narrator.line(`  Temporal's UI    temporal server start-dev --db-filename ${kept}/temporal.db`);
  return report.violations.length === 0 ? 0 : 1;
}

function minutesOf(text: string): number {
  const value = Number(text);
  if (/^\d+(\.\d+)?$/.test(text) && value > 0 && value <= LONGEST_MINUTES) return value;
  throw new InvalidArgumentError(`expected minutes above 0 and up to ${LONGEST_MINUTES}, such as 10 or 0.5.`);
}

function seedOf(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value <= 4_294_967_295) return value;
  throw new InvalidArgumentError('expected a whole number from 0 to 4294967295.');
}

import { writeFile } from 'node:fs/promises';
import { CommanderError } from 'commander';
import { onStopSignals } from '../../src/platform/processes/on-stop-signals.ts';
import { runProgram } from '../../src/platform/processes/run-program.ts';
import { createNarrator } from '../../testbed/narrator.ts';
import { type Options, readOptions } from './options.ts';
import { replay } from './replay.ts';
import { reportLines } from './report/report.ts';
import { runChaos } from './run-chaos.ts';

const EXIT_WRONG_USE = 2;

const options = optionsOrExit(process.argv.slice(2));
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
  if (kept !== undefined) {
    const round = `${kept}/round-${report.rounds}`;
    narrator.line(`\nkept: ${kept}`);
    narrator.line(`  what was found   ${round}/violations.json`);
    narrator.line(`  what was done    ${round}/actions.json`);
    narrator.line(`  the same plan    npm run chaos -- --minutes ${minutes} --seed ${seed}`);
    narrator.line(`  the histories    npm run chaos -- --replay ${round}/histories`);
    narrator.line(`  Temporal's UI    temporal server start-dev --db-filename ${kept}/temporal.db`);
  }
  return report.violations.length === 0 ? 0 : 1;
}

function optionsOrExit(args: readonly string[]): Options {
  try {
    return readOptions(args);
  } catch (error) {
    if (error instanceof CommanderError) process.exit(error.exitCode === 0 ? 0 : EXIT_WRONG_USE);
    throw error;
  }
}

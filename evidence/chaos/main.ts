import { writeFile } from 'node:fs/promises';
import { CommanderError } from 'commander';
import { WRONG_USE } from '../../src/platform/processes/command-line.ts';
import { onStopSignals } from '../../src/platform/processes/on-stop-signals.ts';
import { runProgram } from '../../src/platform/processes/run-program.ts';
import { createNarrator } from '../../testbed/narrator.ts';
import { HISTORIES_FOLDER, replayHistories } from './kept-round.ts';
import { type Options, readOptions } from './options.ts';
import { reportLines } from './report/report.ts';
import { runChaos } from './run-chaos.ts';

const options = optionsOrExit(process.argv.slice(2));
await runProgram(() => (options.replay === undefined ? chaos(options) : replayHistories(options.replay)));

/** @returns the exit code */
async function chaos({ minutes, seed, json, keep, report: reportFile }: Options): Promise<number> {
  // The processes that were started exit with this one.
  onStopSignals(
    () => process.exit(1),
    () => process.exit(1),
  );
  const narrator = createNarrator(json);
  const { report, keptFolder } = await runChaos({ minutes, seed, keep }, narrator);
  narrator.end();
  if (reportFile !== undefined) await writeFile(reportFile, `${JSON.stringify(report, null, 2)}\n`);
  narrator.line();
  for (const line of reportLines(report)) narrator.line(line);
  if (json) console.log(JSON.stringify(report));
  if (keptFolder !== undefined) {
    const round = `${keptFolder}/round-${report.rounds}`;
    narrator.line(`\nkept in ${keptFolder}`);
    narrator.line(`  violations           ${round}/violations.json`);
    narrator.line(`  what was done        ${round}/actions.json`);
    narrator.line(`  run the same plan    npm run chaos -- --minutes ${minutes} --seed ${seed}`);
    narrator.line(`  replay histories     npm run chaos -- --replay ${round}/${HISTORIES_FOLDER}`);
    narrator.line(`  browse in the UI     temporal server start-dev --db-filename ${keptFolder}/temporal.db`);
  }
  return report.violations.length === 0 ? 0 : 1;
}

function optionsOrExit(args: readonly string[]): Options {
  try {
    return readOptions(args);
  } catch (error) {
    if (error instanceof CommanderError) process.exit(error.exitCode === 0 ? 0 : WRONG_USE);
    throw error;
  }
}

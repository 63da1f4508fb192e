import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createCommandLine, runCommandLine } from '../../src/platform/processes/command-line.ts';
import { MINIMAL_ENVIRONMENT } from '../../src/platform/processes/minimal-environment.ts';
import { PROJECT_FOLDER } from '../../src/platform/processes/project-folder.ts';
import { runProgram } from '../../src/platform/processes/run-program.ts';
import { screenSvg } from '../../testbed/terminal/screen-svg.ts';
import { inTerminal } from '../../testbed/terminal/terminal.ts';
import { chosenRows } from './chosen-rows.ts';

const PICTURE = 'docs/demo.svg';

const commandLine = createCommandLine('npm run picture --', {
  description: `Runs the main demo in a terminal and draws what it shows to ${PICTURE}, for the README.`,
  exitCodes: { 0: 'drawn', 1: 'the demo failed' },
});
await runProgram(() => runCommandLine(commandLine, process.argv.slice(2), drawDemo));

/** @returns the exit code */
async function drawDemo(): Promise<number> {
  const terminal = {
    command: 'sh',
    args: ['-c', 'echo "$ npm run demo" && exec node scripts/run.mjs demos/walk-throughs/main.ts'],
    env: MINIMAL_ENVIRONMENT,
    columns: 100,
    rows: 60,
  };
  return inTerminal(terminal, async ({ emulator, allRows, exitCode }) => {
    const code = await exitCode;
    const rows = allRows();
    const verdict = rows.at(-1) ?? '';
    console.log(verdict);
    if (code !== 0) return code;
    const svg = screenSvg(emulator, chosenRows(rows), `The output of npm run demo, which ends with: ${verdict}`);
    await writeFile(path.join(PROJECT_FOLDER, PICTURE), svg);
    console.log(`drawn: ${PICTURE}`);
    return 0;
  });
}

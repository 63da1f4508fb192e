import { readSettings } from '../../src/platform/config/settings.ts';
import { createCommandLine, oneOf, runCommandLine } from '../../src/platform/processes/command-line.ts';
import { PROJECT_FOLDER } from '../../src/platform/processes/project-folder.ts';
import { runProgram } from '../../src/platform/processes/run-program.ts';
import { columnsOf } from '../../src/platform/terminal/columns-of.ts';
import { printError } from '../../src/platform/terminal/print.ts';
import { wrapped } from '../../src/platform/terminal/wrapped.ts';
import { BROKEN_LINES, type BrokenLine } from './broken-lines.ts';
import { changeLines } from './print-change.ts';
import { BreakRefused, breakLine } from './source-break.ts';
import { untilWorkerRestarts } from './until-worker-restarts.ts';

const NAMES = Object.keys(BROKEN_LINES);

const commandLine = createCommandLine('npm run break --', {
  description: 'Breaks a line of your source, as a colleague in a hurry would. npm run fix restores it.',
  settings: { DATABASE_DIR: 'where the worker that starts again has recorded itself; default database' },
  exitCodes: { 0: 'the line is broken', 1: 'it is not: something is broken already, or the file has changes of yours' },
})
  .argument('[name]', `one of ${NAMES.join(', ')}; default: lists them`, oneOf('a line to break', NAMES))
  .addHelpText('after', () => ['\nLines:', ...listOfLines()].join('\n'));

await runProgram(() =>
  runCommandLine(commandLine, process.argv.slice(2), async (name: string | undefined) => {
    const line = name === undefined ? undefined : BROKEN_LINES[name];
    if (name === undefined || line === undefined) {
      for (const each of listOfLines()) console.log(each);
      console.log(`\nBreak one of them: npm run break -- ${NAMES[0]}`);
      return 0;
    }
    const { databaseDir } = readSettings();
    const sinceMs = Date.now();
    try {
      const change = await breakLine(PROJECT_FOLDER, name, line);
      console.log(`broke ${change.file}:${change.line} (${name})\n`);
      for (const each of changeLines(change)) console.log(each);
      console.log('');
    } catch (error) {
      if (!(error instanceof BreakRefused)) throw error;
      printError(error.message);
      return 1;
    }
    await untilWorkerRestarts(databaseDir, PROJECT_FOLDER, sinceMs, (text) => console.log(text));
    for (const each of nextSteps(line.sample)) console.log(each);
    return 0;
  }),
);

function listOfLines(): readonly string[] {
  const indent = ' '.repeat(24);
  const folded = (text: string) =>
    wrapped(text, columnsOf(process.stdout) - indent.length).replaceAll('\n', `\n${indent}`);
  return Object.entries(BROKEN_LINES).flatMap(([name, { file, what, effect }]) => [
    `  ${name.padEnd(22)}${file}`,
    indent + folded(what),
    indent + folded(`so that ${effect}`),
  ]);
}

function nextSteps({ kind, id }: BrokenLine['sample']): readonly string[] {
  const submit = kind === 'order' ? `order ${id}` : `transfer account_A account_B 50 --id ${id}`;
  return [
    `see it:  npm run starter -- ${submit} --no-wait`,
    `         npm run starter -- status ${id}`,
    'fix it:  npm run fix   (or in your editor)',
  ];
}

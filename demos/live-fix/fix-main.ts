import { readSettings } from '../../src/platform/config/settings.ts';
import { createCommandLine, runCommandLine } from '../../src/platform/processes/command-line.ts';
import { PROJECT_FOLDER } from '../../src/platform/processes/project-folder.ts';
import { runProgram } from '../../src/platform/processes/run-program.ts';
import { maxColumns } from '../../src/platform/terminal/columns-of.ts';
import { printError } from '../../src/platform/terminal/print.ts';
import { changeLines } from './print-change.ts';
import { BreakRefused, type Fix, fixLine } from './source-break.ts';
import { untilWorkerRestarts } from './until-worker-restarts.ts';

interface Options {
  readonly keep: boolean;
  readonly restore: boolean;
}

const commandLine = createCommandLine('npm run fix --', {
  description: 'Restores the line that npm run break has broken. It never overwrites what you have changed since.',
  settings: { DATABASE_DIR: 'where the worker that starts again has recorded itself; default database' },
  exitCodes: { 0: 'nothing is broken any more', 1: 'you have changed the file since: choose --keep or --restore' },
})
  .option('--keep', 'if you have changed the file since: keep it as it is', false)
  .option('--restore', 'if you have changed the file since: restore it all the same, and keep a copy of yours', false);

await runProgram(() =>
  runCommandLine(commandLine, process.argv.slice(2), async ({ keep, restore }: Options) => {
    if (keep && restore) return commandLine.error('error: choose --keep or --restore, not both.');
    const { databaseDir } = readSettings();
    const sinceMs = Date.now();
    try {
      const fix = await fixLine(PROJECT_FOLDER, keep ? 'keep' : restore ? 'restore' : undefined, sinceMs);
      const print = fix.kind === 'differs' ? console.error : console.log;
      for (const line of linesOf(fix)) print(line);
      if (fix.kind === 'fixed' || fix.kind === 'restored') {
        await untilWorkerRestarts(databaseDir, PROJECT_FOLDER, sinceMs, (text) => console.log(text));
      }
      return fix.kind === 'differs' ? 1 : 0;
    } catch (error) {
      if (!(error instanceof BreakRefused)) throw error;
      printError(error.message);
      return 1;
    }
  }),
);

function linesOf(fix: Fix): readonly string[] {
  switch (fix.kind) {
    case 'nothing is broken':
      return ['Nothing is broken. npm run break breaks a line.'];
    case 'fixed by hand':
      return [`You have fixed ${fix.file} yourself: it is as it was.`];
    case 'fixed':
      return [`fixed ${fix.file}:${fix.line} (${fix.name}), byte for byte as before\n`, ...changeLines(fix), ''];
    case 'restored':
      return [`restored ${fix.file}; your version is in ${fix.copy}\n`, ...changeLines(fix), ''];
    case 'kept':
      return [`${fix.file} stays as it is; the version from before the break is in ${fix.copy}`];
    case 'differs':
      return [
        `You have changed ${fix.file} since it was broken, so it is not overwritten. Restoring it would do this:\n`,
        ...changeLines(fix, maxColumns(process.stderr)),
        '',
        'keep your version:     npm run fix -- --keep',
        'restore the original:  npm run fix -- --restore   (your version is saved)',
      ];
  }
}

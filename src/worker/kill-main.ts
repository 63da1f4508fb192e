import { DEFAULT_ADDRESSES, readSettings, SettingsError } from '../platform/config/settings.ts';
import { createCommandLine, runCommandLine, WRONG_USE } from '../platform/processes/command-line.ts';
import { runProgram } from '../platform/processes/run-program.ts';
import { readConnectionSettings } from '../platform/temporal/connection-settings.ts';
import { printError, printText } from '../platform/terminal/print.ts';
import { killWorkers } from './kill-workers.ts';

const commandLine = createCommandLine('npm run worker:kill --', {
  description: 'Kills the running worker, of npm start or npm run worker, as a crash would: with SIGKILL.',
  settings: {
    TEMPORAL_ADDRESS: `its Temporal server; ${DEFAULT_ADDRESSES.temporal}`,
    TASK_QUEUE: 'where it takes its work from',
    DATABASE_DIR: 'where it has recorded itself; default database',
  },
  exitCodes: { 0: 'killed', 1: 'no worker runs here, or it could not be killed' },
});

await runProgram(() =>
  runCommandLine(commandLine, process.argv.slice(2), async () => {
    try {
      const { databaseDir, taskQueue } = readSettings();
      const { address: temporal, namespace } = readConnectionSettings();
      const { lines, ok } = await killWorkers(databaseDir, { temporal, namespace, taskQueue }, Date.now());
      const print = ok ? printText : printError;
      for (const line of lines) print(line);
      return ok ? 0 : 1;
    } catch (error) {
      if (!(error instanceof SettingsError)) throw error;
      printError(`worker:kill: ${error.message}`);
      return WRONG_USE;
    }
  }),
);

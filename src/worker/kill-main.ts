import { readSettings } from '../platform/config/settings.ts';
import { createCommandLine, runCommandLine } from '../platform/processes/command-line.ts';
import { runProgram } from '../platform/processes/run-program.ts';
import { readConnectionSettings } from '../platform/temporal/connection-settings.ts';
import { killWorkers } from './kill-workers.ts';

const commandLine = createCommandLine('npm run worker:kill --', {
  description: 'Kills the worker that npm start or npm run worker runs with SIGKILL, as a crash would.',
  settings: {
    TEMPORAL_ADDRESS: 'its Temporal server; default 127.0.0.1:7233',
    TASK_QUEUE: 'where it takes its work from',
    DATABASE_DIR: 'where it has recorded itself; default database',
  },
  exitCodes: { 0: 'killed', 1: 'no worker runs here, or it could not be killed' },
});

await runProgram(() =>
  runCommandLine(commandLine, process.argv.slice(2), async () => {
    const { databaseDir, taskQueue } = readSettings();
    const { address: temporal, namespace } = readConnectionSettings();
    const { lines, ok } = await killWorkers(databaseDir, { temporal, namespace, taskQueue }, Date.now());
    for (const line of lines) (ok ? console.log : console.error)(line);
    return ok ? 0 : 1;
  }),
);

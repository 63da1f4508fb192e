import { DEFAULT_ADDRESSES } from '../platform/config/settings.ts';
import { createCommandLine, runCommandLine } from '../platform/processes/command-line.ts';
import { runProgram } from '../platform/processes/run-program.ts';
import { runWorker } from './run-worker.ts';

const commandLine = createCommandLine('npm run worker --', {
  description:
    'Runs the workflows and activities of orders and transfers, until Ctrl-C. Several workers share the work.',
  settings: {
    TEMPORAL_ADDRESS: `the Temporal server; ${DEFAULT_ADDRESSES.temporal}`,
    TASK_QUEUE: 'where it takes its work from',
    TICKET_SYSTEM_URL: `the ticket system that it calls; ${DEFAULT_ADDRESSES.ticketSystem}`,
    ACCOUNT_API_URL: `the account API that it calls; ${DEFAULT_ADDRESSES.accountApi}`,
    METRICS_ADDRESS: 'where it serves its metrics; default 127.0.0.1:9464',
    LOG_LEVEL: 'how much it logs; default info',
  },
  exitCodes: { 0: 'stopped by Ctrl-C', 1: 'could not start, or failed' },
});
await runProgram(() => runCommandLine(commandLine, process.argv.slice(2), () => runWorker()), { stdout: 'logs' });

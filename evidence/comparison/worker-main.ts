import { readSettings } from '../../src/platform/config/settings.ts';
import { runProgram } from '../../src/platform/processes/run-program.ts';
import { runWorker } from '../../src/worker/run-worker.ts';
import { commonActivities } from './common-activities.ts';
import { listAsItIs } from './list-as-it-is.ts';

/** The product's worker with the common strategies' workflows in its bundle, and with their activities. */
await runProgram(
  async () => {
    const listTickets = listAsItIs(readSettings());
    return runWorker({
      workflows: 'evidence/comparison/workflows',
      moreActivities: ({ createTicket }) => commonActivities({ createTicket, listTickets }),
    });
  },
  { stdout: 'logs' },
);

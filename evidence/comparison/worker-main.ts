import { runProgram } from '../../src/platform/processes/run-program.ts';
import { runWorker } from '../../src/worker/run-worker.ts';
import { createTicketUnfenced } from './create-ticket-unfenced.ts';

/** The product's worker with the common strategies' workflows in its bundle, and with their one activity. */
await runProgram(
  () =>
    runWorker({
      workflows: 'evidence/comparison/workflows',
      moreActivities: (own) => ({ createTicketUnfenced: createTicketUnfenced(own) }),
    }),
  { stdout: 'logs' },
);

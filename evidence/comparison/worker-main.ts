import { runProgram } from '../../src/platform/processes/run-program.ts';
import { runWorker } from '../../src/worker/run-worker.ts';
import { createTicketPlainly } from './create-ticket-plainly.ts';

/** The product's worker with the workflows of the comparison in its bundle, and their one activity. */
await runProgram(() =>
  runWorker({
    workflows: 'evidence/comparison/workflows',
    moreActivities: (own) => ({ createTicketPlainly: createTicketPlainly(own) }),
  }),
);

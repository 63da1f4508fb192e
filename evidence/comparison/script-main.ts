import { appendFileSync } from 'node:fs';
import pLimit from 'p-limit';
import { createPaymentVault } from '../../src/clients/payment-vault.ts';
import { createTicketSystemClient } from '../../src/clients/ticket-system.ts';
import { readSettings } from '../../src/platform/config/settings.ts';
import { leaveWithParent } from '../../src/platform/processes/leave-with-parent.ts';
import { runProgram } from '../../src/platform/processes/run-program.ts';
import { issueTicket } from './issue-ticket.ts';
import { doneLine, readDone } from './script-done.ts';

/** A kill hits what is in flight: with all orders at once it would be all of them. */
const AT_A_TIME = 10;

/**
 * `script-main.ts <file of what is done> <order> ...`
 * Gets tickets without Temporal. An order that has ended is noted in the file, and passed over when the script is
 * started again.
 */
await runProgram(async () => {
  leaveWithParent(() => undefined);
  const [doneFile = '', ...orderIds] = process.argv.slice(2);
  const { ticketSystemUrl, createDeadlineMs } = readSettings();
  const ticketSystem = createTicketSystemClient({ baseUrl: ticketSystemUrl });
  const vault = createPaymentVault(ticketSystem);
  const done = new Set(readDone(doneFile).map(({ orderId }) => orderId));
  console.log(`the script begins, ${done.size} orders are done`);
  const limit = pLimit(AT_A_TIME);
  await limit.map(
    orderIds.filter((orderId) => !done.has(orderId)),
    async (orderId) => {
      const said = await issueTicket(orderId, { ticketSystem, vault, createDeadlineMs }).then(
        () => 'ticket' as const,
        () => 'failure' as const,
      );
      appendFileSync(doneFile, doneLine({ orderId, said, atMs: Date.now() }));
      console.log(`${orderId} ${said}`);
    },
  );
  return 0;
});

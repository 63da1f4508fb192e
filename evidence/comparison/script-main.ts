import pLimit from 'p-limit';
import { createPaymentVault } from '../../src/clients/payment-vault.ts';
import { createTicketSystemClient } from '../../src/clients/ticket-system.ts';
import { readSettings } from '../../src/platform/config/settings.ts';
import { exitWithParent } from '../../src/platform/processes/exit-with-parent.ts';
import { runProgram } from '../../src/platform/processes/run-program.ts';
import { addFinished, readFinished } from './finished-orders.ts';
import { issueTicket } from './issue-ticket.ts';

/** With all orders at once, the kill would hit all of them instead of those in flight. */
const MAX_CONCURRENT_ORDERS = 10;

/**
 * `script-main.ts <file> <order> ...`
 * Gets tickets without Temporal. Writes each finished order to the file, and skips those when it is started again.
 */
await runProgram(async () => {
  exitWithParent(() => undefined);
  const [file = '', ...orderIds] = process.argv.slice(2);
  const { ticketSystemUrl, createDeadlineMs } = readSettings();
  const ticketSystem = createTicketSystemClient({ baseUrl: ticketSystemUrl });
  const vault = createPaymentVault(ticketSystem);
  const finished = new Set(readFinished(file).map(({ orderId }) => orderId));
  console.log(`starting, ${finished.size} orders are finished`);
  const limit = pLimit(MAX_CONCURRENT_ORDERS);
  await limit.map(
    orderIds.filter((orderId) => !finished.has(orderId)),
    async (orderId) => {
      const reported = await issueTicket(orderId, { ticketSystem, vault, createDeadlineMs }).then(
        () => 'ticket' as const,
        () => 'failure' as const,
      );
      addFinished(file, { orderId, reported, atMs: Date.now() });
      console.log(`${orderId} ${reported}`);
    },
  );
  return 0;
});

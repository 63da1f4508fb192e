import type { FastifyBaseLogger } from 'fastify';
import { failpoint } from '../../platform/failpoints/failpoint.ts';
import { withFailpoints } from './creation-failpoints.ts';
import type { Database } from './open-database.ts';
import type { TicketRecord } from './records.ts';

/** Throws, when a fault says so, what the disk throws in its place. */
export type DiskFault = () => void;

/**
 * Commits a ticket: the file, the sync of its folder, the line in the ledger.
 * Once the file is in place it is the commit: its line is written even when the sync fails, and a ledger that cannot
 * be written neither undoes nor fails it.
 */
export async function commitTicket(
  { tickets, ledger }: Pick<Database, 'tickets' | 'ledger'>,
  record: TicketRecord,
  options: { beforeCommit: DiskFault; afterCommit: DiskFault; log: FastifyBaseLogger },
): Promise<void> {
  const { createdAt, orderID, requestID, ticketID } = record;
  let linked = false;
  const afterLink = () => {
    linked = true;
    options.afterCommit();
  };
  try {
    const steps = { beforeWrite: options.beforeCommit, afterLink };
    await tickets.addTicket(record, withFailpoints('create', orderID, steps));
    await failpoint('create.before-ledger', orderID);
  } finally {
    if (linked) await ledger.append({ kind: 'committed', at: createdAt, orderID, requestID, ticketID }).catch(report);
  }

  function report(error: unknown): void {
    options.log.error({ err: error, orderId: orderID, ticketId: ticketID }, 'the ledger lacks the line of a commit');
  }
}

import type { AuditResponse } from '../../contracts/ticket-system.ts';
import { auditLedger } from './audit-ledger.ts';
import { type AuditedTicket, auditTickets } from './audit-tickets.ts';

/** The response of `GET /audit` without the requests in flight, which only the running service knows. */
export type AuditCounts = Readonly<Omit<AuditResponse, 'inFlight'>>;

export interface Audit {
  readonly counts: AuditCounts;
  /** What is wrong in the files: one sentence for each problem, with the name of the file. */
  readonly problems: readonly string[];
}

/**
 * Counts the tickets in a database folder, from its files and its ledger alone, and lists what is wrong with them.
 * It only reads, so it works beside a running service. The ledger is read last, because a commit is in its file first.
 */
export async function auditDatabase(databaseDir: string): Promise<Audit> {
  const { tickets, problems } = await auditTickets(databaseDir);
  const ledger = await auditLedger(databaseDir, tickets);
  const live = liveTicketsByOrder(tickets);
  for (const orderId of ledger.orderIds) if (!live.has(orderId)) live.set(orderId, 0);
  const liveCounts = [...live.values()];
  return {
    counts: {
      orders: live.size,
      exactlyOne: liveCounts.filter((count) => count === 1).length,
      duplicates: liveCounts.filter((count) => count > 1).length,
      missing: liveCounts.filter((count) => count === 0).length,
      voided: tickets.filter(({ voided }) => voided).length,
      sends: ledger.createsReceived,
      commits: tickets.length,
    },
    problems: [...problems, ...ledger.problems],
  };
}

function liveTicketsByOrder(tickets: readonly AuditedTicket[]): Map<string, number> {
  const live = new Map<string, number>();
  for (const { orderId, voided } of tickets) live.set(orderId, (live.get(orderId) ?? 0) + (voided ? 0 : 1));
  return live;
}

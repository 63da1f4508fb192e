import { readdir } from 'node:fs/promises';
import { errorMessage } from '../../contracts/errors.ts';
import type { AuditResponse } from '../../contracts/ticket-system.ts';
import { notedParts } from '../storage/parts-in-use.ts';
import { auditLedger } from './audit-ledger.ts';
import { type AuditedTicket, auditTickets } from './audit-tickets.ts';
import { databaseFiles } from './database-files.ts';

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
    problems: [...(await missingParts(databaseDir, ledger.hasLines)), ...problems, ...ledger.problems],
  };
}

/**
 * A missing part is not an empty one: whatever it contained is missing from the counts. A database that no service has
 * opened yet, such as the sample in this repository, need not have all parts.
 */
async function missingParts(databaseDir: string, ledgerHasLines: boolean): Promise<string[]> {
  try {
    const noted = await notedParts(databaseDir, databaseFiles.partsName);
    const expected = new Set([...noted, ...(ledgerHasLines ? databaseFiles.parts : [])]);
    const found = await readdir(databaseDir);
    return [...expected].filter((part) => !found.includes(part)).map((part) => `${part}: it is missing`);
  } catch (error) {
    return [`it is unknown which parts the database had: ${errorMessage(error)}`];
  }
}

function liveTicketsByOrder(tickets: readonly AuditedTicket[]): Map<string, number> {
  const live = new Map<string, number>();
  for (const { orderId, voided } of tickets) live.set(orderId, (live.get(orderId) ?? 0) + (voided ? 0 : 1));
  return live;
}

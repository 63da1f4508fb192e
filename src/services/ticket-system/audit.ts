import { readdir } from 'node:fs/promises';
import { errorMessage } from '../../contracts/errors.ts';
import type { AuditResponse } from '../../contracts/ticket-system.ts';
import { notedParts } from '../storage/parts-in-use.ts';
import { auditLedger } from './audit-ledger.ts';
import { auditTickets } from './audit-tickets.ts';
import { databaseFiles } from './database-files.ts';
import { inSteps } from './in-steps.ts';

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
 * @param signal stops the audit
 * @throws the reason of the signal
 */
export async function auditDatabase(databaseDir: string, signal?: AbortSignal): Promise<Audit> {
  const { tickets, problems } = await auditTickets(databaseDir, signal);
  const ledger = await auditLedger(databaseDir, tickets, signal);
  const live = new Map<string, number>();
  let voidedCount = 0;
  for await (const { orderId, voided } of inSteps(tickets, signal)) {
    live.set(orderId, (live.get(orderId) ?? 0) + (voided ? 0 : 1));
    if (voided) voidedCount += 1;
  }
  for await (const orderId of inSteps(ledger.orderIds, signal)) if (!live.has(orderId)) live.set(orderId, 0);
  const counts = { exactlyOne: 0, duplicates: 0, missing: 0 };
  for await (const count of inSteps(live.values(), signal)) {
    counts[count === 1 ? 'exactlyOne' : count > 1 ? 'duplicates' : 'missing'] += 1;
  }
  return {
    counts: {
      orders: live.size,
      ...counts,
      voided: voidedCount,
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

import { containsCardNumber } from '../../contracts/card-numbers.ts';
import { OddFileError } from '../../platform/files/open-regular-file.ts';
import { readJournalLines } from '../storage/journal-lines.ts';
import { type AuditedTicket, createRepetitions } from './audit-tickets.ts';
import { databaseFiles } from './database-files.ts';
import { inSteps } from './in-steps.ts';
import { type LedgerRecord, records } from './records.ts';

interface LedgerAudit {
  readonly hasLines: boolean;
  readonly createsReceived: number;
  /** Orders with a create received. */
  readonly orderIds: ReadonlySet<string>;
  readonly problems: readonly string[];
}

/** Compares the ledger with the tickets on disk. */
export async function auditLedger(
  databaseDir: string,
  tickets: readonly AuditedTicket[],
  signal?: AbortSignal,
): Promise<LedgerAudit> {
  const orderIds = new Set<string>();
  const committedIds = new Set<string>();
  const voidedIds = new Set<string>();
  const requestIds = createRepetitions();
  let createsReceived = 0;
  const { lines, problems } = await readLedger(databaseDir, signal);
  for await (const line of inSteps(lines, signal)) {
    if (line.kind === 'committed') {
      committedIds.add(line.ticketID);
    } else if (line.kind === 'voided') {
      voidedIds.add(line.ticketID);
    } else {
      createsReceived += 1;
      orderIds.add(line.orderID);
      requestIds.add(line.requestID);
    }
  }
  for (const requestId of requestIds.repeated) {
    problems.push(`ledger.jsonl: two creates were received with the Request-Id ${requestId}`);
  }
  const ledgerBegins = lines[0]?.at;
  const ticketIds = new Set<string>();
  for await (const { file, ticketId, createdAt, voided } of inSteps(tickets, signal)) {
    ticketIds.add(ticketId);
    if (!voided && voidedIds.has(ticketId)) problems.push(`${file}: it was voided, but its void is missing or damaged`);
    // A ticket that is older than the ledger, such as the sample in this repository, has no line in it.
    if (ledgerBegins !== undefined && createdAt >= ledgerBegins && !committedIds.has(ticketId)) {
      problems.push(`${file}: its commit is missing from the ledger`);
    }
  }
  for await (const ticketId of inSteps(committedIds, signal)) {
    if (!ticketIds.has(ticketId)) {
      problems.push(`ledger.jsonl: ticket ${ticketId} was committed, but its file is missing or damaged`);
    }
  }
  return { hasLines: lines.length > 0, createsReceived, orderIds, problems };
}

/** The lines of the ledger, and what is wrong with them. It may be read while the service runs. */
export async function readLedger(
  databaseDir: string,
  signal?: AbortSignal,
): Promise<{ lines: LedgerRecord[]; problems: string[] }> {
  const lines: LedgerRecord[] = [];
  const problems: string[] = [];
  try {
    for await (const line of inSteps(readJournalLines(databaseFiles.ledger(databaseDir)), signal)) {
      const place = `ledger.jsonl, line ${line.number}`;
      if (line.state === 'torn') problems.push(`${place}: the last line is torn`);
      else if (line.state === 'damaged') problems.push(`${place}: ${line.reason}`);
      else if (records.ledger.Check(line.entry)) lines.push(line.entry);
      else problems.push(`${place}: it is not a line of the ledger`);
      if (line.state === 'complete' && containsCardNumber(JSON.stringify(line.entry)))
        problems.push(`${place}: it contains a card number`);
    }
  } catch (error) {
    if (!(error instanceof OddFileError)) throw error;
    problems.push(`ledger.jsonl: it cannot be read (it is ${error.found})`);
  }
  return { lines, problems };
}

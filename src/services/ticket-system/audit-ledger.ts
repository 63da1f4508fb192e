import { containsCardNumber } from '../../contracts/card-numbers.ts';
import { OddFileError } from '../../platform/files/open-regular-file.ts';
import { readJournalLines } from '../storage/journal-lines.ts';
import { type AuditedTicket, repeated } from './audit-tickets.ts';
import { databaseFiles } from './database-files.ts';
import { type LedgerRecord, records } from './records.ts';

interface LedgerAudit {
  readonly hasLines: boolean;
  readonly createsReceived: number;
  /** Orders with a create received. */
  readonly orderIds: ReadonlySet<string>;
  readonly problems: readonly string[];
}

/** Compares the ledger with the tickets on disk. */
export async function auditLedger(databaseDir: string, tickets: readonly AuditedTicket[]): Promise<LedgerAudit> {
  const { lines, problems } = await readLedger(databaseDir);
  const received = lines.filter(({ kind }) => kind === 'received');
  const committedIds = new Set(lines.flatMap((line) => (line.kind === 'committed' ? [line.ticketID] : [])));
  return {
    hasLines: lines.length > 0,
    createsReceived: received.length,
    orderIds: new Set(received.map(({ orderID }) => orderID)),
    problems: [
      ...problems,
      ...repeated(received.map(({ requestID }) => requestID)).map(
        (requestId) => `ledger.jsonl: two creates were received with the Request-Id ${requestId}`,
      ),
      ...commitsWithoutLine(tickets, committedIds, lines[0]?.at),
      ...linesWithoutTicket(tickets, committedIds),
    ],
  };
}

/** The lines of the ledger, and what is wrong with them. It may be read while the service runs. */
export async function readLedger(databaseDir: string): Promise<{ lines: LedgerRecord[]; problems: string[] }> {
  const lines: LedgerRecord[] = [];
  const problems: string[] = [];
  try {
    for await (const line of readJournalLines(databaseFiles.ledger(databaseDir))) {
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

/** A ticket that is older than the ledger, such as the sample in this repository, has no line in it. */
function commitsWithoutLine(
  tickets: readonly AuditedTicket[],
  committedIds: ReadonlySet<string>,
  ledgerBegins: string | undefined,
): string[] {
  return tickets
    .filter(({ ticketId, createdAt }) => {
      return ledgerBegins !== undefined && createdAt >= ledgerBegins && !committedIds.has(ticketId);
    })
    .map(({ file }) => `${file}: its commit is missing from the ledger`);
}

function linesWithoutTicket(tickets: readonly AuditedTicket[], committedIds: ReadonlySet<string>): string[] {
  const ticketIds = new Set(tickets.map(({ ticketId }) => ticketId));
  return [...committedIds]
    .filter((ticketId) => !ticketIds.has(ticketId))
    .map((ticketId) => `ledger.jsonl: ticket ${ticketId} was committed, but its file is missing or damaged`);
}

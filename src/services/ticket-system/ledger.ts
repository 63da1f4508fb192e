import type { FastifyBaseLogger } from 'fastify';
import type { OpenLocked } from '../../platform/files/open-locked.ts';
import { type JournalRepair, openJournal } from '../storage/journal.ts';
import { databaseFiles } from './database-files.ts';
import type { KnownRecords } from './known-records.ts';
import { type LedgerRecord, records, type TicketRecord } from './records.ts';

/** One line for each create received, each commit and each void. If it differs from the ticket files, the files are right. */
export interface Ledger {
  append(record: LedgerRecord): Promise<void>;
  /** Whether its first line is from this time or before. */
  hasBegunBy(at: string): boolean;
  /** @throws DatabaseMissingError, DurabilityUnknownError unless it is in place, with all of its lines */
  check(): void;
  close(): Promise<void>;
}

interface OpenedLedger {
  readonly ledger: Ledger;
  readonly hasLines: boolean;
  /** The time of its newest line; 0 if it has none. */
  readonly newestMs: number;
  readonly repair: JournalRepair;
}

/**
 * Opens the ledger, which is created if it does not exist.
 * @param known gets what was committed
 * @throws JournalDamagedError
 */
export async function openLedger(
  databaseDir: string,
  known: KnownRecords,
  openLocked?: OpenLocked,
): Promise<OpenedLedger> {
  let beginsAt: string | undefined;
  let newestMs = 0;
  const readLine = (entry: unknown) => {
    if (!records.ledger.Check(entry)) throw new Error('it is not a line of the ledger');
    beginsAt ??= entry.at;
    newestMs = Math.max(newestMs, Date.parse(entry.at));
    if (entry.kind === 'committed') known.addTicket(entry.orderID, entry.ticketID);
    if (entry.kind === 'voided') known.addVoid(entry.orderID, entry.ticketID);
  };
  const { journal, ...repair } = await openJournal(databaseFiles.ledger(databaseDir), readLine, { openLocked });
  const hasLines = beginsAt !== undefined;
  const ledger: Ledger = {
    ...journal,
    append(record) {
      beginsAt ??= record.at;
      return journal.append(record);
    },
    hasBegunBy: (at) => beginsAt !== undefined && beginsAt <= at,
  };
  return { ledger, hasLines, newestMs, repair };
}

/** Adds the line of a commit. The ticket's file alone is the commit, so a failure is logged and changes nothing. */
export async function noteCommit(
  ledger: Ledger,
  { createdAt, orderID, requestID, ticketID }: TicketRecord,
  log: Pick<FastifyBaseLogger, 'error'>,
): Promise<void> {
  await ledger.append({ kind: 'committed', at: createdAt, orderID, requestID, ticketID }).catch((error: unknown) => {
    log.error({ err: error, orderId: orderID, ticketId: ticketID }, 'a commit is missing from the ledger');
  });
}

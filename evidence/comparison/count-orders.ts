import { auditDatabase } from '../../src/services/ticket-system/audit.ts';
import { auditTickets } from '../../src/services/ticket-system/audit-tickets.ts';
import { percentile } from '../../testbed/percentile.ts';
import type { EndedOrder } from './strategy-run.ts';

/** How a strategy's orders ended: `orders` = `exactlyOne` + `duplicates` + `lost`. */
export interface OrderCounts {
  readonly orders: number;
  /** Orders with exactly one live ticket. */
  readonly exactlyOne: number;
  /** Orders with more than one. */
  readonly duplicates: number;
  /** Orders with none, whatever the strategy reported. */
  readonly lost: number;
  /** Orders that the strategy reported as failed. */
  readonly failed: number;
  /** Failed orders that have a ticket anyway. */
  readonly failedWithTicket: number;
  /** Orders that had not ended in time and were stopped. */
  readonly unended: number;
  readonly voided: number;
  /** Creates that the ticket system received. */
  readonly sends: number;
  /** Percentiles of the time from an order's submission to its end. */
  readonly p50Ms: number;
  readonly p95Ms: number;
  /** What the audit finds wrong with files and ledger, one sentence each. */
  readonly problems: readonly string[];
}

/**
 * Counts from outside, with the ticket system's audit: tickets from its files, creates from its ledger. Only an order's
 * reported result and its duration come from the strategy itself.
 */
export async function countOrders(databaseDir: string, ended: readonly EndedOrder[]): Promise<OrderCounts> {
  const [{ counts, problems }, { tickets }] = await Promise.all([
    auditDatabase(databaseDir),
    auditTickets(databaseDir),
  ]);
  const withTicket = new Set(tickets.filter(({ voided }) => !voided).map(({ orderId }) => orderId));
  const failed = ended.filter(({ reported }) => reported === 'failure');
  const tookMs = ended.map((order) => order.tookMs);
  return {
    orders: ended.length,
    exactlyOne: counts.exactlyOne,
    duplicates: counts.duplicates,
    // Not the audit's `missing`: it does not know orders that never reached the ticket system.
    lost: ended.length - withTicket.size,
    failed: failed.length,
    failedWithTicket: failed.filter(({ orderId }) => withTicket.has(orderId)).length,
    unended: ended.filter(({ reported }) => reported === 'unfinished').length,
    voided: counts.voided,
    sends: counts.sends,
    p50Ms: percentile(tookMs, 0.5),
    p95Ms: percentile(tookMs, 0.95),
    problems,
  };
}

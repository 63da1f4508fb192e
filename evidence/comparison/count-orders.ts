import { auditDatabase } from '../../src/services/ticket-system/audit.ts';
import { auditTickets } from '../../src/services/ticket-system/audit-tickets.ts';
import { percentile } from '../../testbed/percentile.ts';
import type { EndedOrder } from './strategy-run.ts';

/** What became of the orders of a strategy: `orders` = `exactlyOne` + `duplicates` + `lost`. */
export interface OrderCounts {
  readonly orders: number;
  /** Orders with exactly one live ticket. */
  readonly exactlyOne: number;
  /** Orders with more than one. */
  readonly duplicates: number;
  /** Orders with none, whatever the strategy said of them. */
  readonly lost: number;
  /** Orders of which the strategy said that they failed. */
  readonly failed: number;
  /** Of these, orders that have a ticket all the same. */
  readonly failedWithTicket: number;
  /** Orders that had not ended when they were no longer waited for. */
  readonly unended: number;
  readonly voided: number;
  /** Creates that the ticket system has received. */
  readonly sends: number;
  /** Half of the orders took no longer. */
  readonly p50Ms: number;
  readonly p95Ms: number;
  /** What the audit finds wrong with files and ledger, a sentence each. */
  readonly problems: readonly string[];
}

/**
 * Counts from outside: tickets from the files and sends from the ledger of the ticket system, by its audit. Only what is
 * said of an order, and how long that took, is the strategy's own word.
 */
export async function countOrders(databaseDir: string, ended: readonly EndedOrder[]): Promise<OrderCounts> {
  const [{ counts, problems }, { tickets }] = await Promise.all([
    auditDatabase(databaseDir),
    auditTickets(databaseDir),
  ]);
  const withTicket = new Set(tickets.filter(({ voided }) => !voided).map(({ orderId }) => orderId));
  const failed = ended.filter(({ said }) => said === 'failure');
  const tookMs = ended.map((order) => order.tookMs);
  return {
    orders: ended.length,
    exactlyOne: counts.exactlyOne,
    duplicates: counts.duplicates,
    // The audit does not know an order that never came to the ticket system.
    lost: ended.length - withTicket.size,
    failed: failed.length,
    failedWithTicket: failed.filter(({ orderId }) => withTicket.has(orderId)).length,
    unended: ended.filter(({ said }) => said === 'nothing').length,
    voided: counts.voided,
    sends: counts.sends,
    p50Ms: percentile(tookMs, 0.5),
    p95Ms: percentile(tookMs, 0.95),
    problems,
  };
}

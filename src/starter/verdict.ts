import { counted } from '../contracts/counted.ts';
import type { AuditResponse, OrderAuditResponse } from '../contracts/ticket-system.ts';
import type { AuditedOrders, OrderClaim } from './audited-orders.ts';

/** What a person said about an order, beside what the ticket system has. */
export interface CheckedClaim {
  readonly claim: OrderClaim;
  /** Undefined when the ticket system did not respond. */
  readonly found: OrderAuditResponse | undefined;
}

/** How orders stand, as Temporal knows it, beside what the ticket system finds in its files. */
export interface Verdict extends Omit<AuditedOrders, 'claims'> {
  readonly claims: readonly CheckedClaim[];
  /** Undefined when it did not respond. */
  readonly ticketSystem: AuditResponse | undefined;
}

/** Whether the ticket system has something else than what was said. That it has the same proves nothing. */
export function isContradicted({ claim, found }: CheckedClaim): boolean {
  if (found === undefined) return false;
  const claimed = 'none' in claim ? [] : [claim.ticketId];
  return found.live.length !== claimed.length || found.live.some((ticketId) => !claimed.includes(ticketId));
}

/** Whether nothing is known to be wrong. Orders that are open, and claims that nothing contradicts, are not. */
export function isGood({ claims, unknown, ticketSystem }: Verdict): boolean {
  const problems = claims.flatMap(({ found }) => found?.problems ?? []);
  return unknown === 0 && ticketSystem?.duplicates === 0 && !claims.some(isContradicted) && problems.length === 0;
}

/** The verdict in a line: `5 orders: 2 with one ticket, 2 claimed (1 contradicted), 1 open`. */
export function verdictLine({ orders, oneTicket, noTicket, claims, unknown, open }: Verdict): string {
  const contradicted = claims.filter(isContradicted).length;
  const claimed = `${claims.length} claimed${contradicted === 0 ? '' : ` (${contradicted} contradicted)`}`;
  const parts = [
    `${oneTicket} with one ticket`,
    ...(noTicket === 0 ? [] : [`${noTicket} without`]),
    ...(claims.length === 0 ? [] : [claimed]),
    ...(unknown === 0 ? [] : [`${unknown} unknown`]),
    ...(open === 0 ? [] : [`${open} open`]),
  ];
  return `${counted(orders, 'order')}: ${parts.join(', ')}`;
}

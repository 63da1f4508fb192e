import type { Static, TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { splitCredentials } from '../contracts/http.ts';
import { AuditResponse, OrderAuditResponse } from '../contracts/ticket-system.ts';

const TIMEOUT_MS = 10_000;

export type TicketAudit = ReturnType<typeof createTicketAudit>;

/** What a ticket system finds in its files. Both calls throw when none responds there in time. */
export function createTicketAudit(ticketSystemUrl: string) {
  const { address, headers } = splitCredentials(ticketSystemUrl);
  const get = async <Schema extends TSchema>(path: string, schema: Schema): Promise<Static<Schema>> => {
    const response = await fetch(`${address}${path}`, { headers, signal: AbortSignal.timeout(TIMEOUT_MS) });
    const audit: unknown = await response.json();
    if (!response.ok || !Value.Check(schema, audit)) throw new Error(`${address}${path} responded ${response.status}`);
    return audit;
  };
  return {
    all: () => get('/audit', AuditResponse),
    ofOrder: (orderId: string) => get(`/audit/orders/${orderId}`, OrderAuditResponse),
  };
}

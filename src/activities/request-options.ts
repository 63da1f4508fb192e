import { timeOfActivity } from 'exactly-one/activities';
import type { TicketSystemCall } from '../clients/ticket-system.ts';

/**
 * The options of the next call to the ticket system, for an activity that begins now and may make several.
 * @param requestTimeoutMs shortened where the activity itself would time out first
 */
export function ticketSystemCalls(requestTimeoutMs: number): () => Omit<TicketSystemCall, 'token'> {
  const time = timeOfActivity();
  return () => ({ timeoutMs: Math.min(requestTimeoutMs, time.timeoutMs), signal: time.signal });
}

import { Value } from 'typebox/value';
import { AuditResponse } from '../../contracts/ticket-system.ts';
import { withTimeout } from '../../resilience/time-out.ts';

const TIMEOUT_MS = 10_000;

/**
 * Asks a running ticket system how many requests it has accepted and not finished.
 * @param timeoutMs default 10 s
 * @throws when no ticket system answers there in time
 */
export async function fetchInFlight(ticketSystemUrl: string, timeoutMs = TIMEOUT_MS): Promise<number> {
  const ask = async (signal: AbortSignal): Promise<unknown> =>
    (await fetch(`${ticketSystemUrl}/audit`, { signal })).json();
  const answer = await withTimeout(ask, { timeoutMs, what: 'audit' });
  if (!Value.Check(AuditResponse, answer)) throw new Error(`${ticketSystemUrl} is no ticket system`);
  return answer.inFlight;
}

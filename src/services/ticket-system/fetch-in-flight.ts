import { Value } from 'typebox/value';
import { splitCredentials } from '../../contracts/http.ts';
import { AuditResponse } from '../../contracts/ticket-system.ts';

const TIMEOUT_MS = 10_000;

/**
 * How many requests a running ticket system has accepted and not finished.
 * @param timeoutMs default 10 s
 * @throws Error when no ticket system responds there in time
 */
export async function fetchInFlight(ticketSystemUrl: string, timeoutMs = TIMEOUT_MS): Promise<number> {
  const { address, headers } = splitCredentials(ticketSystemUrl);
  const response = await fetch(`${address}/audit`, { headers, signal: AbortSignal.timeout(timeoutMs) });
  const audit: unknown = await response.json();
  if (!Value.Check(AuditResponse, audit)) throw new Error(`${address} is not a ticket system`);
  return audit.inFlight;
}

import { Value } from 'typebox/value';
import { AuditAnswer } from '../../contracts/ticket-system.ts';
import { withTimeout } from '../../resilience/time-out.ts';

const TIMEOUT_MS = 2_000;

/**
 * Asks a running ticket system how many requests it has accepted and not finished.
 * @throws when no ticket system answers there within 2 s
 */
export async function askInFlight(ticketSystemUrl: string): Promise<number> {
  const ask = async (signal: AbortSignal): Promise<unknown> =>
    (await fetch(`${ticketSystemUrl}/audit`, { signal })).json();
  const answer = await withTimeout(ask, { timeoutMs: TIMEOUT_MS, what: 'audit' });
  if (!Value.Check(AuditAnswer, answer)) throw new Error(`${ticketSystemUrl} is no ticket system`);
  return answer.inFlight;
}

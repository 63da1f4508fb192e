const TIMEOUT_MS = 10_000;

/** A fault plan, as `PUT /faults` accepts it. */
export interface Faults {
  readonly seed: number;
  /** A preset of the service; give either this or rules. */
  readonly preset?: string;
  readonly rules?: readonly { point: string; kind: string; probability: number; delayMs?: number }[];
}

/**
 * Replaces the fault plan of a running service.
 * @throws when the service refuses the plan or does not respond within 10 s
 */
export async function putFaults(serviceUrl: string, faults: Faults): Promise<void> {
  const response = await fetch(`${serviceUrl}/faults`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(faults),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (!response.ok) throw new Error(`${serviceUrl} refused the fault plan: ${await response.text()}`);
}

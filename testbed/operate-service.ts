const SERVICE_TIMEOUT_MS = 10_000;

/** A fault plan as `PUT /faults` takes it. */
export interface Faults {
  readonly seed: number;
  /** A preset of the service's fault plan, or rules of one's own. */
  readonly preset?: string;
  readonly rules?: readonly { point: string; kind: string; probability: number; delayMs?: number }[];
}

/** Gives a service another fault plan. */
export async function putFaults(serviceUrl: string, faults: Faults): Promise<void> {
  const answer = await fetch(`${serviceUrl}/faults`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(faults),
    signal: AbortSignal.timeout(SERVICE_TIMEOUT_MS),
  });
  if (!answer.ok) throw new Error(`${serviceUrl} refuses these faults: ${await answer.text()}`);
}

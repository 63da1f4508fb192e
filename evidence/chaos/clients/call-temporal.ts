import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { waitUntil } from '../../../src/platform/processes/wait-until.ts';

/** A frozen server never responds, so each call has its own limit. */
const CALL_TIMEOUT_MS = 4_000;
/** A stopped server comes back well within this time. */
const TOTAL_TIMEOUT_MS = 90_000;

/**
 * Calls Temporal and retries until it responds, because its server may be stopped or frozen.
 * @param what the call in words, for the error: `cancel order-1`
 * @throws WorkflowNotFoundError, which is a response: the workflow does not exist or is closed
 * @throws WaitTimeoutError when there is no response within 90 s
 */
export async function callTemporal<T>(client: Client, what: string, call: () => Promise<T>): Promise<T> {
  // Wrapped, because waitUntil takes undefined and false for "not yet".
  const { value } = await waitUntil(
    async () => ({ value: await client.withDeadline(Date.now() + CALL_TIMEOUT_MS, call) }),
    {
      what: `Temporal to ${what}`,
      timeoutMs: TOTAL_TIMEOUT_MS,
      everyMs: 100,
      retryable: (error) => !(error instanceof WorkflowNotFoundError),
    },
  );
  return value;
}

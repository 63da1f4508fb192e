import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { waitUntil } from '../../../src/platform/processes/wait-until.ts';

/** One call; a server that stands still does not answer. */
const CALL_WITHIN_MS = 4_000;
/** All of them together; a server that is stopped comes back. */
const ANSWER_WITHIN_MS = 90_000;

/**
 * Asks Temporal until there is an answer: its server may be away or stand still. That a workflow is not there, or is
 * over, is an answer.
 * @throws WorkflowNotFoundError, or WaitTimeoutError when no answer comes
 */
export async function patiently<T>(client: Client, what: string, call: () => Promise<T>): Promise<T> {
  const { answer } = await waitUntil(
    async () => ({ answer: await client.withDeadline(Date.now() + CALL_WITHIN_MS, call) }),
    {
      what: `an answer of Temporal to "${what}"`,
      timeoutMs: ANSWER_WITHIN_MS,
      everyMs: 100,
      retryable: (error) => !(error instanceof WorkflowNotFoundError),
    },
  );
  return answer;
}

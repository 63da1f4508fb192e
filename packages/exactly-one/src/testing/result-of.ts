import { setTimeout as pause } from 'node:timers/promises';
import type { Workflow, WorkflowHandle, WorkflowResultType } from '@temporalio/client';

const POLL_MS = 1_000;
/** What a worker of Temporal says when its bundle has no workflow of a type. */
const MISSING = /no such function is exported/;

type Handle<Order extends Workflow> = Pick<
  WorkflowHandle<Order>,
  'workflowId' | 'result' | 'fetchHistory' | 'terminate'
>;

/**
 * Waits for the result of a workflow.
 * @param stopped ends the requests that look for the workflow, before their connection is closed
 * @throws what its `result` does; and an Error that says what to export when the worker does not have the workflow, which
 *   is terminated, since Temporal would try to run it for ever
 */
export async function resultOf<Order extends Workflow>(
  handle: Handle<Order>,
  stopped: AbortSignal,
): Promise<WorkflowResultType<Order>> {
  const ended = new AbortController();
  let problem: string | undefined;
  const watching = untilMissing(handle, AbortSignal.any([ended.signal, stopped]), (message) => {
    problem = message;
  }).catch(() => undefined);
  try {
    return await handle.result();
  } catch (error) {
    throw problem === undefined ? error : new Error(problem, { cause: error });
  } finally {
    ended.abort();
    // A request must not outlive the connection.
    await watching;
  }
}

async function untilMissing<Order extends Workflow>(
  handle: Handle<Order>,
  signal: AbortSignal,
  report: (problem: string) => void,
): Promise<void> {
  while (!signal.aborted) {
    const { events } = await handle.fetchHistory();
    const failures = (events ?? []).map((event) => event.workflowTaskFailedEventAttributes?.failure?.message ?? '');
    const missing = failures.find((message) => MISSING.test(message));
    if (missing !== undefined) {
      report(
        `expectExactlyOne: ${handle.workflowId} cannot run: ${missing}. The file of your workflows must export it; for the late watch: export { lateWatch } from 'exactly-one/workflow'`,
      );
      await handle.terminate('by expectExactlyOne: the worker does not have it');
      return;
    }
    await pause(POLL_MS, undefined, { signal });
  }
}

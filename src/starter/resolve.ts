import type { Resolution } from 'exactly-one';
import { resolve } from 'exactly-one/client';
import { maskOutput } from '../platform/secrets/mask-output.ts';
import { unlessAborted } from './detach.ts';
import { endingOf } from './ending.ts';
import type { Found } from './find-workflow.ts';
import { isOpen } from './inspection.ts';
import { ENDING_INDENT, endingLine } from './lines.ts';
import type { Session } from './session.ts';

/** A running worker answers within moments. */
const ANSWER_TIMEOUT_MS = 15_000;

/**
 * Ends an order whose outcome nobody can read, by what a person says about it.
 * @param given secrets in it are masked before it is sent
 * @returns the exit code: 0 when the order is resolved, 1 when it refused or did not answer
 */
export async function resolveCommand<Result, Progress>(
  { client, output, detach }: Session,
  { kind, id, described }: Found<Result, Progress>,
  given: Resolution,
): Promise<number> {
  if (!isOpen(described)) {
    output.say(`${id} is ${described.status.name.toLowerCase()}; nothing was resolved`);
    return 1;
  }
  // What is sent stays in the history.
  const resolution: Resolution = { ...given, reason: maskOutput(given.reason), by: maskOutput(given.by) };
  const answering = client
    .withAbortSignal(detach, () =>
      client.withDeadline(Date.now() + ANSWER_TIMEOUT_MS, () => resolve(client, kind.workflowId(id), resolution)),
    )
    .catch(() => 'no answer: it is closed, or no worker of it runs (see status); it may still be resolved');
  const problem = await unlessAborted(answering, detach);
  if (problem !== undefined) {
    output.say(`${id}: ${problem === 'aborted' ? 'detached; it may still be resolved' : problem}`);
    return 1;
  }
  const handle = client.workflow.getHandle<() => Promise<Result>>(kind.workflowId(id));
  const ending = await unlessAborted(
    client.withAbortSignal(detach, () => endingOf(kind, handle)),
    detach,
  );
  if (ending !== 'aborted') {
    output.say(endingLine(kind, { id, submissionResult: 'started' }, ending, id.length), ENDING_INDENT);
  }
  output.note(
    'none' in resolution
      ? 'this is your word and not proof: nothing watches for a late ticket; submit the order again to find out'
      : 'this is your word and not proof: the late watch checks it when the ticket system responds',
  );
  return 0;
}

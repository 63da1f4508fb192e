import { cancel, describeWorkflow } from 'exactly-one/client';
import { unlessAborted } from './detach.ts';
import { endingOf } from './ending.ts';
import type { Found } from './find-workflow.ts';
import { createInspect, isOpen } from './inspection.ts';
import { ENDING_INDENT, endingLine } from './lines.ts';
import type { Session } from './session.ts';
import { noteWaits } from './waiting-notes.ts';

/**
 * Requests the cancellation of an order or a transfer, says what it waits for, and waits for its end.
 * @returns the exit code: 0 when there is no ticket, or no money was moved for good, 1 otherwise
 */
export async function cancelCommand<Result, Progress>(
  session: Session,
  { kind, id, described }: Found<Result, Progress>,
): Promise<number> {
  const { client, output, detach } = session;
  const handle = client.workflow.getHandle<() => Promise<Result>>(kind.workflowId(id));
  if (isOpen(described) && (await cancel(client, handle.workflowId))) {
    output.say(`${id}: cancelling; it first checks ${kind.checkedBeforeCancelling} (Ctrl-C stops waiting)`);
  } else {
    output.print(`${id} is already closed; nothing was cancelled`);
  }
  const stopNoting = noteWaits(session, id, async () => {
    const current = await describeWorkflow(client, handle.workflowId);
    return current === undefined ? [] : (await createInspect(client)(kind, id, current)).waits;
  });
  const ending = await unlessAborted(
    client.withAbortSignal(detach, () => endingOf(kind, handle)),
    detach,
  );
  stopNoting();
  if (ending === 'aborted') {
    output.note('detached: the cancellation is still in progress');
    output.noteToCopy(`check again:  npm run starter -- status ${id}`);
    return 1;
  }
  output.say(endingLine(kind, { id, submissionResult: 'started' }, ending, id.length), ENDING_INDENT);
  return kind.isCancelled(ending) ? 0 : 1;
}

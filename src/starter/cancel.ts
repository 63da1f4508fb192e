import { unlessAborted } from './detach.ts';
import { endingOf } from './ending.ts';
import type { Kind } from './kind.ts';
import { endingLine } from './lines.ts';
import { notFound, type Session } from './session.ts';
import { runStatusOf } from './submit.ts';

/**
 * Requests the cancellation of an order or a transfer and waits for its end.
 * @returns the exit code: 0 when there is no ticket, or no money was moved for good, 1 otherwise
 */
export async function cancelCommand<Result, Progress>(
  session: Session,
  kind: Kind<never, Result, Progress>,
  id: string,
): Promise<number> {
  const { client, output, detach } = session;
  const handle = client.workflow.getHandle<() => Promise<Result>>(kind.workflowId(id));
  const status = await runStatusOf(client, handle.workflowId);
  if (status === 'none') return notFound(session, kind, id);
  if (status === 'running') {
    await handle.cancel();
    output.print(`${id}: cancelling; it first checks ${kind.checkedBeforeCancelling} (Ctrl-C stops waiting)`);
  } else {
    output.print(`${id} is already closed; nothing was cancelled`);
  }
  const ending = await unlessAborted(endingOf(kind, handle), detach);
  if (ending === 'aborted') {
    output.note('detached: the cancellation is still in progress');
    output.note(`check again:  npm run starter -- status ${handle.workflowId}`);
    return 1;
  }
  output.print(endingLine(kind, { id, submissionResult: 'started' }, ending, id.length));
  return kind.isCancelled(ending) ? 0 : 1;
}

import type { Client } from '@temporalio/client';
import { describeWorkflow, giveUp } from 'exactly-one/client';
import { clockText } from '../contracts/times.ts';
import { maskOutput } from '../platform/secrets/mask-output.ts';
import { unlessAborted } from './detach.ts';
import type { Found } from './find-workflow.ts';
import { isOpen } from './inspection.ts';
import type { Session } from './session.ts';
import { createWaits, type Wait } from './wait.ts';
import { waitSummary } from './wait-text.ts';
import { noteWaits } from './waiting-notes.ts';

/** A running worker handles a signal within moments. */
const CLOSE_TIMEOUT_MS = 15_000;

/**
 * Closes an order and its late watches as failed and records them as unresolved, for a ticket system that will never
 * come back.
 * @param given why; secrets in it are masked before it is sent
 * @returns the exit code: 0 when all of them were closed, 1 otherwise
 */
export async function giveUpCommand<Result, Progress>(
  session: Session,
  { id: orderId, described: order }: Found<Result, Progress>,
  given: string,
): Promise<number> {
  // What is sent stays in the history.
  const reason = maskOutput(given);
  const { client, output } = session;
  const open = await giveUp(client, orderId, reason);
  if (open.length === 0) {
    output.say(`${orderId} is ${order.status.name.toLowerCase()} and has no open late watch; nothing was given up`);
    return 1;
  }
  const closed = await Promise.all(open.map((workflowId) => untilClosed(session, workflowId, reason)));
  return closed.every((each) => each) ? 0 : 1;
}

async function untilClosed(session: Session, workflowId: string, reason: string): Promise<boolean> {
  const { client, output, detach } = session;
  const handle = client.workflow.getHandle(workflowId);
  const endsAtMs = Date.now() + CLOSE_TIMEOUT_MS;
  const look = () => waitsNow(client, workflowId);
  const until = clockText(endsAtMs, Date.now());
  const stopNoting = noteWaits(session, workflowId, look, ` (this command waits until ${until})`);
  const closing = client
    .withAbortSignal(detach, () => client.withDeadline(endsAtMs, () => handle.result()))
    .catch(() => undefined);
  await unlessAborted(closing, detach);
  stopNoting();
  const described = await handle.describe();
  if (isOpen(described)) {
    const [wait] = await look();
    const why = wait === undefined ? 'its worker has not handled the signal yet' : waitSummary(wait, Date.now());
    output.say(`${workflowId} has received the signal and is still open: ${why}`);
    return false;
  }
  output.say(
    described.status.name === 'COMPLETED'
      ? `${workflowId} completed in the meantime; nothing was given up`
      : `${workflowId} was given up and recorded as unresolved: ${reason}`,
  );
  return true;
}

/** What keeps a workflow from closing, first. */
async function waitsNow(client: Client, workflowId: string): Promise<readonly Wait[]> {
  const described = await describeWorkflow(client, workflowId);
  return described === undefined || !isOpen(described) ? [] : createWaits(client).waitsOf(described);
}

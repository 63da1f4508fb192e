import type { Client } from '@temporalio/client';
import type { OrderResult } from '../contracts/order.ts';
import { endingOf } from './order-ending.ts';
import { runStatusOf } from './submit.ts';
import { whenAborted } from './when-aborted.ts';

/**
 * Asks an order to cancel and waits for what comes of it: it finds out first which tickets exist.
 * @returns the exit code: 0 when the order is cancelled and has no ticket, 1 otherwise
 */
export async function cancelCommand(client: Client, orderId: string, detach: AbortSignal): Promise<number> {
  const handle = client.workflow.getHandle<() => Promise<OrderResult>>(orderId);
  const status = await runStatusOf(client, orderId);
  if (status === 'none') {
    console.error(`there is no order ${orderId}`);
    return 1;
  }
  if (status === 'running') {
    await handle.cancel();
    console.log(`${orderId} is asked to cancel: it finds out first which tickets exist (Ctrl-C leaves it to itself)`);
  }
  const ending = await Promise.race([endingOf(orderId, handle), whenAborted(detach)]);
  if (ending === 'aborted') {
    console.error(`detached: the cancellation goes on\nlook again:  npm run starter -- status ${orderId}`);
    return 1;
  }
  if (ending.kind === 'ticket') {
    const why =
      status === 'running' ? 'the cancellation came too late' : 'it was already completed, nothing was cancelled';
    console.log(`${orderId} keeps its ticket ${ending.result.ticketId}: ${why}`);
    return 1;
  }
  if (status !== 'running') console.log(`${orderId} was already closed, nothing was cancelled: ${ending.error}`);
  else console.log(`${orderId}: ${ending.error}`);
  return ending.code === 'CANCELLED' ? 0 : 1;
}

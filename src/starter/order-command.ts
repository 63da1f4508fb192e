import type { Client } from '@temporalio/client';
import pLimit from 'p-limit';
import { DETACHED, follow } from './follow.ts';
import { endingOf, type OrderEnding } from './order-ending.ts';
import { endingLine, progressLine } from './order-lines.ts';
import { progressOf } from './order-progress.ts';
import { submitOrder } from './submit-order.ts';
import { warnWithoutWorker } from './task-queue.ts';

export interface OrderCommand {
  readonly client: Client;
  readonly taskQueue: string;
  readonly orderIds: readonly string[];
  /** One JSON line per order instead of words for people. */
  readonly json: boolean;
  readonly wait: boolean;
  /** Fires when the user wants to leave the orders alone. */
  readonly detach: AbortSignal;
}

const AT_ONCE = 20;

/**
 * Submits orders, shows them live, and prints what became of each.
 * @returns the exit code: 0 when every order has its ticket (or was submitted, without waiting), 1 otherwise
 */
export async function orderCommand(command: OrderCommand): Promise<number> {
  const { client, taskQueue, orderIds, json, wait, detach } = command;
  const limit = pLimit(AT_ONCE);
  const orders = await Promise.all(orderIds.map((orderId) => limit(() => submitOrder(client, taskQueue, orderId))));
  if (!wait) {
    for (const { orderId, how } of orders)
      console.log(json ? JSON.stringify({ orderId, submitted: how }) : `${orderId} ${how}`);
    if (!json) console.log(checkAgain(orderIds));
    return 0;
  }
  await warnWithoutWorker(client, taskQueue, 'orders');
  const width = Math.max(...orderIds.map((orderId) => orderId.length));
  return follow({
    what: 'orders',
    items: orders,
    idOf: ({ orderId }) => orderId,
    endingOf: ({ orderId, handle }) => endingOf(orderId, handle),
    isSuccess: ({ kind }) => kind === 'ticket',
    endingLine: (order, ending) => (json ? jsonLine(ending) : endingLine(order, ending, width)),
    progressLine: async ({ orderId }) => progressLine(orderId, await progressOf(client, orderId), width),
    json,
    detach,
    detachedLine: ({ orderId }) => JSON.stringify({ orderId, ...DETACHED }),
    checkAgain,
  });
}

function jsonLine(ending: OrderEnding): string {
  if (ending.kind === 'ticket') return JSON.stringify(ending.result);
  const { orderId, error, code } = ending;
  return JSON.stringify({ orderId, error, code });
}

function checkAgain(orderIds: readonly string[]): string {
  const first = orderIds[0] ?? '';
  const all = orderIds.slice(0, 5).join(' ') + (orderIds.length > 5 ? ' …' : '');
  return `look again:  npm run starter -- status ${first}\nor wait:     npm run starter -- order ${all}`;
}

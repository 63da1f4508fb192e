import type { Client } from '@temporalio/client';
import pLimit from 'p-limit';
import { createLiveView, type LiveView } from './live-view.ts';
import { endingOf, type OrderEnding } from './order-ending.ts';
import { endingLine, progressLine } from './order-lines.ts';
import { hasWorker, progressOf } from './order-progress.ts';
import { type SubmittedOrder, submitOrder } from './submit-order.ts';
import { whenAborted } from './when-aborted.ts';

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
const VIEW_EVERY_MS = 500;

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
    if (!json) console.log(lookAgain(orderIds));
    return 0;
  }
  const view = json ? silentView : createLiveView();
  if (!(await hasWorker(client, taskQueue))) {
    console.error(`no worker polls the task queue ${taskQueue}: the orders wait for one (npm run worker)`);
  }
  return follow(orders, command, view, detach);
}

const silentView: LiveView = { show: () => undefined, say: (line) => console.log(line), end: () => undefined };

async function follow(
  orders: readonly SubmittedOrder[],
  { client, json }: OrderCommand,
  view: LiveView,
  detach: AbortSignal,
): Promise<number> {
  const width = Math.max(...orders.map(({ orderId }) => orderId.length));
  const open = new Map(orders.map((order) => [order.orderId, progressLine(order.orderId, undefined, width)]));
  let withTicket = 0;
  const ended = (order: SubmittedOrder, ending: OrderEnding) => {
    if (detach.aborted) return;
    open.delete(order.orderId);
    if (ending.kind === 'ticket') withTicket += 1;
    view.say(json ? jsonLine(ending) : endingLine(order, ending, width));
  };
  const all = Promise.all(orders.map(async (order) => ended(order, await endingOf(order.orderId, order.handle))));
  const watching = watch(open, client, view, width);

  await Promise.race([all, whenAborted(detach)]);
  watching.stop();
  view.end();
  if (detach.aborted) {
    console.error(
      `detached: ${open.size} of ${orders.length} orders go on without you\n${lookAgain([...open.keys()])}`,
    );
  }
  return withTicket === orders.length ? 0 : 1;
}

function watch(open: Map<string, string>, client: Client, view: LiveView, width: number) {
  const limit = pLimit(AT_ONCE);
  const look = async () => {
    const shown = [...open.keys()].slice(0, AT_ONCE);
    await Promise.all(
      shown.map((orderId) =>
        limit(async () => {
          const progress = await progressOf(client, orderId);
          if (open.has(orderId)) open.set(orderId, progressLine(orderId, progress, width));
        }),
      ),
    );
    view.show([...open.values()]);
  };
  let looking = false;
  const timer = setInterval(() => {
    if (looking || !process.stdout.isTTY) return;
    looking = true;
    void look().finally(() => {
      looking = false;
    });
  }, VIEW_EVERY_MS);
  return { stop: () => clearInterval(timer) };
}

function jsonLine(ending: OrderEnding): string {
  if (ending.kind === 'ticket') return JSON.stringify(ending.result);
  const { orderId, error, code } = ending;
  return JSON.stringify({ orderId, error, code });
}

function lookAgain(orderIds: readonly string[]): string {
  const first = orderIds[0] ?? '';
  const all = orderIds.slice(0, 5).join(' ') + (orderIds.length > 5 ? ' …' : '');
  return `look again:  npm run starter -- status ${first}\nor wait:     npm run starter -- order ${all}`;
}

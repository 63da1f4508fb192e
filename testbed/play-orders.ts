import { submitOrder } from '../src/starter/order.ts';
import { type EndedOrder, followOrders, type LateVoids, untilQuiescent } from './follow-orders.ts';
import type { Narrator } from './narrator.ts';
import type { Stage } from './stage.ts';

const END_WITHIN_MS = 300_000;

export interface PlayedOrders {
  readonly ended: readonly EndedOrder[];
  readonly lateVoids: LateVoids;
}

/** Submits orders, follows them to their end and waits for quiescence. */
export async function playOrders(
  stage: Stage,
  orderIds: readonly string[],
  narrator: Narrator,
  /** What happens to them on their way. */
  meanwhile: () => Promise<void> = async () => undefined,
): Promise<PlayedOrders> {
  const orders = await Promise.all(orderIds.map((orderId) => submitOrder(stage.client, stage.taskQueue, orderId)));
  narrator.step(`${orders.length} order${orders.length === 1 ? '' : 's'} submitted`);
  await meanwhile();
  const ended = await followOrders(stage, orders, narrator, END_WITHIN_MS);
  narrator.step('every order has ended; late watches, if any, go on');
  const lateVoids = await untilQuiescent(stage, orderIds, END_WITHIN_MS);
  narrator.step('quiescent: no order, no watch, no request open');
  return { ended, lateVoids };
}

/** The first so many order ids of a stage, counted from `from`. */
export function orderIds(stage: Stage, count: number, from = 1): readonly string[] {
  return Array.from({ length: count }, (_, index) => stage.orderId(from + index));
}

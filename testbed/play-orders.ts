import type { OrderProgress, OrderResult } from '../src/contracts/order.ts';
import type { Ending } from '../src/starter/ending.ts';
import { orderKind, submitOrder } from '../src/starter/order.ts';
import { progressOf } from '../src/starter/progress.ts';
import { followAll } from './follow.ts';
import type { Narrator } from './narrator.ts';
import { type LateVoids, untilQuiescent } from './quiescence.ts';
import type { Stage } from './stage.ts';

const QUIESCENT_WITHIN_MS = 300_000;

export interface EndedOrder {
  readonly orderId: string;
  readonly ending: Ending<OrderResult>;
  /** Undefined when no worker responded to the query. */
  readonly progress: OrderProgress | undefined;
}

export interface PlayedOrders {
  readonly ended: readonly EndedOrder[];
  readonly lateVoids: LateVoids;
}

/**
 * Submits orders, shows their progress until all have ended, and waits for quiescence.
 * @param meanwhile what happens to the orders once they are submitted; default nothing
 */
export async function playOrders(
  stage: Stage,
  orderIds: readonly string[],
  narrator: Narrator,
  meanwhile: () => Promise<void> = async () => undefined,
): Promise<PlayedOrders> {
  const { client, taskQueue } = stage;
  const submitted = await Promise.all(orderIds.map((orderId) => submitOrder(client, taskQueue, orderId)));
  narrator.step(`submitted ${submitted.length} ${submitted.length === 1 ? 'order' : 'orders'}`);
  await meanwhile();
  const allEnded = await followAll(stage, orderKind, submitted, narrator);
  const ended = await Promise.all(
    allEnded.map(async ({ id, ending }) => ({
      orderId: id,
      ending,
      progress: await progressOf(client, orderKind, id),
    })),
  );
  narrator.step('all orders have ended; waiting for late watches and requests in flight');
  const lateVoids = await untilQuiescent(stage, orderIds, QUIESCENT_WITHIN_MS);
  narrator.step('nothing is open or in flight any more');
  return { ended, lateVoids };
}

/** Order ids of a stage. */
export function orderIds(stage: Stage, count: number, from = 1): readonly string[] {
  return Array.from({ length: count }, (_, index) => stage.orderId(from + index));
}

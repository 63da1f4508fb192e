import pLimit from 'p-limit';
import { counted } from '../src/contracts/counted.ts';
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
 * @param afterwards what happens once they have ended, before quiescence; default nothing
 */
export async function playOrders(
  stage: Stage,
  orderIds: readonly string[],
  narrator: Narrator,
  meanwhile: () => Promise<void> = async () => undefined,
  afterwards: (ended: readonly EndedOrder[]) => Promise<void> = async () => undefined,
): Promise<PlayedOrders> {
  const { client, taskQueue } = stage;
  const submitting = Promise.all(orderIds.map((orderId) => submitOrder(client, taskQueue, orderId)));
  const submitted = await narrator.during(`submitting ${counted(orderIds.length, 'order')}`, submitting);
  narrator.step(`submitted ${counted(submitted.length, 'order')}`);
  await meanwhile();
  const countDuplicates = async () => [counted((await stage.audit()).counts.duplicates, 'duplicate')];
  const allEnded = await followAll(stage, orderKind, submitted, narrator, undefined, countDuplicates);
  // A worker that answers many queries at once answers some of them too late.
  const few = pLimit(4);
  const progress = (id: string) => few(() => progressOf(client, orderKind, id));
  const ended = await Promise.all(
    allEnded.map(async ({ id, ending }) => ({
      orderId: id,
      ending,
      progress: (await progress(id)) ?? (await progress(id)),
    })),
  );
  narrator.step(orderIds.length === 1 ? 'the order has ended' : 'all orders have ended');
  await afterwards(ended);
  const quiescent = untilQuiescent(stage, orderIds, QUIESCENT_WITHIN_MS);
  const lateVoids = await narrator.during('waiting for late watches and for requests in flight', quiescent);
  narrator.step('no late watch is open, and no request is in flight');
  return { ended, lateVoids };
}

/** Order ids of a stage. */
export function orderIds(stage: Stage, count: number, from = 1): readonly string[] {
  return Array.from({ length: count }, (_, index) => stage.orderId(from + index));
}

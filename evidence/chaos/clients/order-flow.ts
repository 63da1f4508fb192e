import { setTimeout as pause } from 'node:timers/promises';
import { planClient } from '../plan/clients.ts';
import { orderIdOf } from '../plan/round.ts';
import type { ChaosSystem } from '../system/chaos-system.ts';
import { type PlayedOrder, playOrder } from './play-order.ts';

/** At least, as long as there is room. */
const ORDER_EVERY_MS = 80;
/**
 * So many orders may be open at once. What is open is replayed after each stop of a worker or of Temporal: with 110, a
 * quarter fewer get through a run.
 */
const MOST_OPEN = 44;

export interface OrderFlow {
  readonly submitted: () => number;
  readonly open: () => number;
  /** Resolves when the last order is submitted. */
  readonly allSubmitted: Promise<void>;
  /** Resolves when the last order has ended, or nobody waits any longer. */
  readonly ended: Promise<readonly PlayedOrder[]>;
  /** Waits for no order any longer. */
  abort(): void;
}

/** Submits orders all the time, for a while, and does with each what is planned for it. */
export function startOrderFlow(
  { client, taskQueue }: Pick<ChaosSystem, 'client' | 'taskQueue'>,
  { seed, round, activeMs }: { readonly seed: number; readonly round: number; readonly activeMs: number },
): OrderFlow {
  const aborting = new AbortController();
  const { signal } = aborting;
  const aborted = new Promise<undefined>((resolve) => {
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
  const player = { client, taskQueue, signal, aborted };
  const orders: Promise<PlayedOrder>[] = [];
  const open = new Set<Promise<PlayedOrder>>();

  async function submitAll(): Promise<void> {
    const endsAt = performance.now() + activeMs;
    for (let index = 1; performance.now() < endsAt; index += 1) {
      const order = playOrder(player, orderIdOf(round, index), planClient(seed, round, index));
      orders.push(order);
      open.add(order);
      const close = () => open.delete(order);
      order.then(close, close);
      await pause(ORDER_EVERY_MS);
      if (open.size >= MOST_OPEN) await Promise.race([...open].map((each) => each.catch(() => undefined)));
    }
  }

  const allSubmitted = submitAll();
  return {
    submitted: () => orders.length,
    open: () => open.size,
    allSubmitted,
    ended: allSubmitted.then(() => Promise.all(orders)),
    abort: () => aborting.abort(),
  };
}

import { setTimeout as pause } from 'node:timers/promises';
import { planClientSteps } from '../plan/client-steps.ts';
import { orderIdOf } from '../plan/round.ts';
import type { ChaosSystem } from '../system/chaos-system.ts';
import { type PlayedOrder, playOrder } from './play-order.ts';

/** The shortest time between two new orders. */
const SUBMIT_EVERY_MS = 80;
/**
 * All open orders are replayed after each stop of a worker or of Temporal. With 110 of them, a quarter fewer complete
 * in a run.
 */
const MAX_OPEN_ORDERS = 44;

interface OrderFlow {
  readonly submitted: () => number;
  readonly open: () => number;
  /** Resolves when the last order is submitted. */
  readonly allSubmitted: Promise<void>;
  /** Resolves when the last order has ended, or after `abort()`. */
  readonly ended: Promise<readonly PlayedOrder[]>;
  /** Stops waiting for orders to end. */
  abort(): void;
}

/** Submits a steady flow of orders for `activeMs`, and plays the planned client steps on each. */
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
      const order = playOrder(player, orderIdOf(round, index), planClientSteps(seed, round, index));
      orders.push(order);
      open.add(order);
      const close = () => open.delete(order);
      order.then(close, close);
      await pause(SUBMIT_EVERY_MS);
      if (open.size >= MAX_OPEN_ORDERS) await Promise.race([...open].map((each) => each.catch(() => undefined)));
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

import { AsyncResource } from 'node:async_hooks';
import AsyncLock from 'async-lock';
import type { ServiceClock } from './service-clock.ts';
import { newestRecordMs } from './ticket-responses.ts';
import type { StoredTicket, TicketStore } from './ticket-store.ts';

/** Runs one piece of work at a time for each order, in the order of the calls. */
export type OrderLock = <Result>(orderId: string, work: () => Promise<Result>) => Promise<Result>;

export function createOrderLock(): OrderLock {
  const lock = new AsyncLock({ maxPending: Number.POSITIVE_INFINITY });
  return (orderId, work) => {
    // Otherwise work that had to wait would run in the async context of the call that released the lock.
    const context = new AsyncResource('OrderLock');
    return lock.acquire(orderId, () => context.runInAsyncScope(work));
  };
}

/** Runs work under the lock of an order, with its tickets on disk and a time that is not before any of them. */
export type WithTickets = <Result>(
  orderId: string,
  work: (stored: readonly StoredTicket[], nowMs: number) => Promise<Result>,
) => Promise<Result>;

export function createWithTickets(
  lock: OrderLock,
  tickets: Pick<TicketStore, 'read'>,
  clock: ServiceClock,
): WithTickets {
  return (orderId, work) =>
    lock(orderId, async () => {
      const stored = await tickets.read(orderId);
      return work(stored, clock.nowMs(newestRecordMs(stored)));
    });
}

import AsyncLock from 'async-lock';

/** Runs one thing at a time for each order, in the order of the calls. */
export type OrderLock = <Result>(orderId: string, work: () => Promise<Result>) => Promise<Result>;

export function createOrderLock(): OrderLock {
  const lock = new AsyncLock({ maxPending: Number.POSITIVE_INFINITY });
  return (orderId, work) => lock.acquire(orderId, work);
}

import type { Client } from '@temporalio/client';
import type { OrderProgress } from '../contracts/order.ts';
import { messages } from '../contracts/workflow-names.ts';
import { queryWithin } from './query-within.ts';

/** Where an order stands, as it says itself; undefined when no worker answers in time. */
export function progressOf(client: Client, orderId: string): Promise<OrderProgress | undefined> {
  return queryWithin<OrderProgress>(client, orderId, messages.orderProgress);
}

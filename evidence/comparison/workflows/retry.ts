import type { OrderInput } from '../../../src/contracts/order.ts';
import { preparePlainOrder } from './plain-order.ts';

/** Creates with Temporal's default retries, and takes the first ticket that it is told of. */
export async function retry({ orderId }: OrderInput): Promise<string> {
  const order = await preparePlainOrder(orderId);
  return order.createTicket();
}

import type { OrderInput } from '../../../src/contracts/order.ts';
import { preparePlainOrder } from './plain-order.ts';

/** Creates once; a failure is final. */
export async function once({ orderId }: OrderInput): Promise<string> {
  const order = await preparePlainOrder(orderId);
  return order.createTicket({ maximumAttempts: 1 });
}

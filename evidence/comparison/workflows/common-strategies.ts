import { ActivityFailure } from '@temporalio/common';
import { proxyActivities, sleep } from '@temporalio/workflow';
import { repeatableCalls } from 'exactly-one/workflow';
import type { OrderInput } from '../../../src/contracts/order.ts';
import type { TicketActivities } from '../../../src/contracts/ticket-activities.ts';
import { prepareOrder } from './prepare-order.ts';

/** Creates with Temporal's default retries and returns the first ticket that a create reports. */
export async function retry({ orderId }: OrderInput): Promise<string> {
  const order = await prepareOrder(orderId);
  return order.createTicket();
}

/** Creates once; any failure is final. */
export async function once({ orderId }: OrderInput): Promise<string> {
  const order = await prepareOrder(orderId);
  return order.createTicket({ maximumAttempts: 1 });
}

/** Creates once, waits for a fixed time and validates once, in a loop. A failed validation counts as "no ticket". */
export async function onceThenValidate({ orderId }: OrderInput): Promise<string> {
  const order = await prepareOrder(orderId);
  const { validateTicket } = proxyActivities<TicketActivities>({
    ...repeatableCalls(order.settings.createDeadlineMs + 5_000),
    retry: { maximumAttempts: 1 },
  });
  for (;;) {
    await order.createTicket({ maximumAttempts: 1 }).catch(ignoreActivityFailure);
    await sleep(order.settings.settleMs);
    const found = await validateTicket(order.input, order.list).catch(ignoreActivityFailure);
    const [ticket] = found?.items ?? [];
    if (ticket !== undefined) return ticket.itemId;
  }
}

function ignoreActivityFailure(error: unknown): undefined {
  if (!(error instanceof ActivityFailure)) throw error;
}

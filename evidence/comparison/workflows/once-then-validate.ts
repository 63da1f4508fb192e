import { ActivityFailure } from '@temporalio/common';
import { proxyActivities, sleep } from '@temporalio/workflow';
import type { OrderInput } from '../../../src/contracts/order.ts';
import type { TicketActivities } from '../../../src/contracts/ticket-activities.ts';
import { repeatableCalls } from '../../../src/workflows/ticket-system-steps.ts';
import { preparePlainOrder } from './plain-order.ts';

/** Creates once, settles for a fixed time, validates once; whatever shows no ticket means that there is none. */
export async function onceThenValidate({ orderId }: OrderInput): Promise<string> {
  const order = await preparePlainOrder(orderId);
  const { validateTicket } = proxyActivities<TicketActivities>({
    ...repeatableCalls(order.settings),
    retry: { maximumAttempts: 1 },
  });
  for (;;) {
    await order.createTicket({ maximumAttempts: 1 }).catch(passOverFailure);
    await sleep(order.settings.settleMs);
    const found = await validateTicket(order.tickets).catch(passOverFailure);
    const [ticket] = found?.items ?? [];
    if (ticket !== undefined) return ticket.itemId;
  }
}

function passOverFailure(error: unknown): undefined {
  if (!(error instanceof ActivityFailure)) throw error;
}

import { ActivityFailure } from '@temporalio/common';
import { proxyActivities, sleep } from '@temporalio/workflow';
import { repeatableCalls } from 'exactly-one/workflow';
import type { OrderInput } from '../../../src/contracts/order.ts';
import type { TicketActivities } from '../../../src/contracts/ticket-activities.ts';
import { prepareOrder } from './prepare-order.ts';

/** Creates with Temporal's default retries and returns the first ticket that a create reports. */
export async function retry({ orderId }: OrderInput): Promise<string> {
  const order = await prepareOrder(orderId);
  return order.createTicket('createTicketUnfenced');
}

/** The same for a ticket system that honours idempotency keys, with a key that contains the number of the attempt. */
export async function keyPerAttempt({ orderId }: OrderInput): Promise<string> {
  const order = await prepareOrder(orderId);
  return order.createTicket('createTicketWithKeyPerAttempt');
}

/** One activity with Temporal's default retries: it lists the tickets, and creates one if there is none. */
export async function checkThenCreate({ orderId }: OrderInput): Promise<string> {
  const order = await prepareOrder(orderId);
  return order.createTicket('checkThenCreateTicket');
}

/**
 * Creates in an activity with a single attempt, and does not check what came of it: any failure is final. This is the
 * usual advice for what must not be repeated: https://community.temporal.io/t/execution-guarantees-of-activities/3405
 */
export async function once({ orderId }: OrderInput): Promise<string> {
  const order = await prepareOrder(orderId);
  return order.createTicket('createTicketUnfenced', { maximumAttempts: 1 });
}

/** Creates once, waits for a fixed time and validates once, in a loop. A failed validation counts as "no ticket". */
export async function onceThenValidate({ orderId }: OrderInput): Promise<string> {
  const order = await prepareOrder(orderId);
  const { validateTicket } = proxyActivities<TicketActivities>({
    ...repeatableCalls(order.settings.createDeadlineMs + 5_000),
    retry: { maximumAttempts: 1 },
  });
  for (;;) {
    await order.createTicket('createTicketUnfenced', { maximumAttempts: 1 }).catch(ignoreActivityFailure);
    await sleep(order.settings.settleMs);
    const found = await validateTicket(order.input, order.list).catch(ignoreActivityFailure);
    const [ticket] = found?.items ?? [];
    if (ticket !== undefined) return ticket.itemId;
  }
}

function ignoreActivityFailure(error: unknown): undefined {
  if (!(error instanceof ActivityFailure)) throw error;
}

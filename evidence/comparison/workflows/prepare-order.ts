import { type ActivityOptions, proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import { createLimits } from 'exactly-one';
import type { CreateTicketRequest, TicketActivities } from '../../../src/contracts/ticket-activities.ts';
import { repeatableCalls } from '../../../src/workflows/activity-options.ts';

/** A create with neither a deadline fixed by the workflow nor an idempotency key. */
export type UnfencedCreate = Omit<CreateTicketRequest, 'deadlineMs' | 'idempotencyKey'>;

export interface UnfencedActivities {
  /**
   * The product's `createTicket` as it would be written without knowing of a fence.
   * @throws a failure that Temporal retries, or `CreateRejected`, which it does not
   */
  createTicketUnfenced(request: UnfencedCreate): Promise<{ ticketId: string }>;
}

const worker = proxyLocalActivities<TicketActivities>({ startToCloseTimeout: '10s' });

/** Gets an order's token and reservation with the product's own activities and retries. */
export async function prepareOrder(orderId: string) {
  const settings = await worker.getOrderSettings();
  const { createDeadlineMs, clockSkewMs } = settings;
  const { getToken, getReservation } = proxyActivities<TicketActivities>(repeatableCalls(createDeadlineMs + 5_000));
  const token = { notIssuedBeforeMs: 0, validUntilMs: 0 };
  await getToken(token);
  const { reservationId } = await getReservation({ orderId, token });
  const create: UnfencedCreate = { orderId, reservationId, token, createDeadlineMs };
  const { startToCloseMs } = createLimits(createDeadlineMs, clockSkewMs);
  return {
    settings,
    tickets: { orderId, reservationId, token, seen: { itemIds: [], voidedItemIds: [] } },
    /** @param retry default Temporal's own retry policy */
    async createTicket(retry?: ActivityOptions['retry']): Promise<string> {
      const options = { startToCloseTimeout: startToCloseMs, ...(retry === undefined ? {} : { retry }) };
      return (await proxyActivities<UnfencedActivities>(options).createTicketUnfenced(create)).ticketId;
    },
  };
}

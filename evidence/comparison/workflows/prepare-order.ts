import { type ActivityOptions, proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import { createLimits } from 'exactly-one';
import type { ActivityRequest, CreatedItem } from 'exactly-one/contract';
import { repeatableCalls } from 'exactly-one/workflow';
import type { TicketActivities, TicketInput } from '../../../src/contracts/ticket-activities.ts';

/** A create with neither a deadline fixed by the workflow nor an idempotency key. */
export interface UnfencedCreate extends ActivityRequest {
  readonly createDeadlineMs: number;
}

export interface UnfencedActivities {
  /**
   * The product's `createTicket` as it would be written without knowing of a fence.
   * @throws a failure that Temporal retries, or `CreateRejected`, which it does not
   */
  createTicketUnfenced(input: TicketInput, request: UnfencedCreate): Promise<CreatedItem>;
}

const worker = proxyLocalActivities<TicketActivities>({ startToCloseTimeout: '10s' });

/** Gets an order's token and reservation with the product's own activities and retries. */
export async function prepareOrder(orderId: string) {
  const settings = await worker.getOrderSettings();
  const { createDeadlineMs, clockSkewMs } = settings;
  const { getToken, getReservation } = proxyActivities<TicketActivities>(repeatableCalls(createDeadlineMs + 5_000));
  const credentials = { notIssuedBeforeMs: 0, validUntilMs: 0 };
  await getToken(credentials);
  const { reservationId } = await getReservation({}, { orderId, credentials });
  const input: TicketInput = { reservationId };
  const create: UnfencedCreate = { orderId, credentials, createDeadlineMs };
  const { startToCloseMs } = createLimits(createDeadlineMs, clockSkewMs);
  return {
    settings,
    input,
    list: { orderId, credentials, seen: { itemIds: [], voidedItemIds: [] }, clockSkewMs },
    /** @param retry default Temporal's own retry policy */
    async createTicket(retry?: ActivityOptions['retry']): Promise<string> {
      const options = { startToCloseTimeout: startToCloseMs, ...(retry === undefined ? {} : { retry }) };
      return (await proxyActivities<UnfencedActivities>(options).createTicketUnfenced(input, create)).itemId;
    },
  };
}

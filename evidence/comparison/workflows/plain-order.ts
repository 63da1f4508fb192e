import { type ActivityOptions, proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import { createLimits } from 'exactly-one';
import type { TicketActivities } from '../../../src/contracts/ticket-activities.ts';
import { repeatableCalls } from '../../../src/workflows/ticket-system-steps.ts';
import type { PlainActivities, PlainCreate } from './plain-activities.ts';

const worker = proxyLocalActivities<TicketActivities>({ startToCloseTimeout: '10s' });

/** An order of a plain strategy, with its token and reservation; got as the product gets them. */
export async function preparePlainOrder(orderId: string) {
  const settings = await worker.getOrderSettings();
  const { createDeadlineMs, clockSkewMs } = settings;
  const { getToken, getReservation } = proxyActivities<TicketActivities>(repeatableCalls(settings));
  const { token } = await getToken();
  const { reservationId } = await getReservation({ orderId, token });
  const create: PlainCreate = { orderId, reservationId, token, createDeadlineMs };
  const { startToCloseMs } = createLimits(createDeadlineMs, clockSkewMs);
  return {
    settings,
    tickets: { orderId, reservationId, token, seen: { itemIds: [], voidedItemIds: [] } },
    /** @param retry default Temporal's own */
    async createTicket(retry?: ActivityOptions['retry']): Promise<string> {
      const options = { startToCloseTimeout: startToCloseMs, ...(retry === undefined ? {} : { retry }) };
      return (await proxyActivities<PlainActivities>(options).createTicketPlainly(create)).ticketId;
    },
  };
}

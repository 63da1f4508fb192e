import { type ActivityOptions, proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import { createLimits } from 'exactly-one';
import type { ActivityRequest, CreatedItem } from 'exactly-one/contract';
import { repeatableCalls } from 'exactly-one/workflow';
import type { TicketActivities, TicketInput } from '../../../src/contracts/ticket-activities.ts';

/** A create with neither a deadline fixed by the workflow nor an idempotency key. */
export interface UnfencedCreate extends ActivityRequest {
  readonly createDeadlineMs: number;
}

type Create = (input: TicketInput, request: UnfencedCreate) => Promise<CreatedItem>;

/**
 * Creates as they would be written without knowing of a fence. Each attempt has the full create deadline from its own
 * start. Every failure but a rejection (`CreateRejected`) is an ordinary one, which Temporal retries as the strategy says.
 */
export interface CommonActivities {
  /** The product's `createTicket`. */
  readonly createTicketUnfenced: Create;
  /** The same with an idempotency key, which is another one in each attempt. */
  readonly createTicketWithKeyPerAttempt: Create;
  /** Lists the tickets of the order and creates one only if the list has none. */
  readonly checkThenCreateTicket: Create;
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
    /**
     * Runs an activity that creates a ticket.
     * @param retry default Temporal's own retry policy
     */
    async createTicket(activity: keyof CommonActivities, retry?: ActivityOptions['retry']): Promise<string> {
      // Enough for a list before the create.
      const startToCloseTimeout = startToCloseMs + (activity === 'checkThenCreateTicket' ? createDeadlineMs : 0);
      const options = { startToCloseTimeout, ...(retry === undefined ? {} : { retry }) };
      return (await proxyActivities<CommonActivities>(options)[activity](input, create)).itemId;
    },
  };
}

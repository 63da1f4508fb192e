import { ApplicationFailure } from '@temporalio/common';
import { continueAsNew, log, proxyLocalActivities, upsertMemo } from '@temporalio/workflow';
import { type ActivityNames, exactlyOne, type PrepareCall, type Prepared } from 'exactly-one/workflow';
import { isReservation } from '../contracts/activity-results.ts';
import { counted } from '../contracts/counted.ts';
import { failures } from '../contracts/failures.ts';
import { CLAIM_MEMO, type Claim, type OrderResult } from '../contracts/order.ts';
import { maskSecrets } from '../contracts/secrets.ts';
import type { TicketActivities, TicketInput } from '../contracts/ticket-activities.ts';
import { type OrderArguments, readOrderArguments } from '../contracts/workflow-arguments.ts';
import { isResolutionRecord } from '../contracts/workflow-results.ts';
import { createOrderDisplay, type OrderDisplay } from './order-display.ts';
import { startedRun, validArguments } from './start.ts';

const worker = proxyLocalActivities<TicketActivities>({
  startToCloseTimeout: '10s',
  summary: "Read the worker's settings",
});

const ACTIVITIES = {
  create: 'createTicket',
  list: 'validateTicket',
  void: 'voidTicket',
  readGuarantee: 'getReservation',
} as const satisfies ActivityNames & Record<string, keyof TicketActivities>;

/**
 * Gets exactly one ticket for an order; its workflow id is the order id.
 * Never reset it, and never pause or reset its activity `createTicket`: one create would be sent twice.
 * @param given the input, and what an earlier run of the same chain knew; default nothing
 * @throws `OrderInvalid`, `OrderRejected`, `OrderCancelled` or a cancellation: it closed without a ticket;
 *   `ResolvedWithoutTicket`: a person says that it has none; `GivenUp` or `CarriedStateInvalid`: it is unknown whether there is one
 */
export async function processOrder(...given: OrderArguments): Promise<OrderResult> {
  const { input, carried } = validArguments(readOrderArguments(given, startedRun()), failures.orderInvalid);
  const { orderId, resumed } = input;
  const display = createOrderDisplay(orderId, carried);
  const order = await resolvedAsTicket(
    exactlyOne<TicketInput>({
      resumed,
      carried: carried.protocol,
      prepare: (call) => prepareOrder(orderId, call, display),
      activities: ACTIVITIES,
      credentials: { obtain: 'getToken', summary: 'Get a token of the ticket system' },
      continueAsNew: (protocol) => continueAsNew<typeof processOrder>(input, { ...display.carried(), protocol }),
      onProgress: display.show,
      item: 'ticket',
      service: 'ticket system',
      mask: maskSecrets,
    }),
  );
  const { itemId: ticketId, createAttempts, voidedItemIds: voidedTicketIds, cancellationTooLate, resolution } = order;
  if (resolution !== undefined) showClaim({ ticketId, ...resolution });
  const how = createAttempts === 0 ? ', an existing ticket' : ` after ${counted(createAttempts, 'create')}`;
  log.info(`completed with ${ticketId}${how}`, { done: true });
  return {
    orderId,
    reservationId: order.input.reservationId,
    ticketId,
    createAttempts,
    voidedTicketIds,
    ...(cancellationTooLate ? { cancellation: 'came too late' } : {}),
    ...(resolution === undefined ? {} : { resolution }),
  };
}

/** What the protocol calls an item is a ticket here. */
async function resolvedAsTicket<Result>(order: Promise<Result>): Promise<Result> {
  try {
    return await order;
  } catch (error) {
    if (!(error instanceof ApplicationFailure && error.type === failures.resolvedWithoutItem)) throw error;
    const details = error.details ?? [];
    if (isResolutionRecord(details[0])) showClaim({ none: true, ...details[0] });
    throw ApplicationFailure.nonRetryable(error.message, failures.resolvedWithoutTicket, ...details);
  }
}

/** In the memo, which lists of orders show, with search attributes or without. */
function showClaim(claim: Claim): void {
  upsertMemo({ [CLAIM_MEMO]: claim });
}

/** The worker's settings hold for the whole life of the order, and its reservation is always the same one. */
async function prepareOrder(orderId: string, call: PrepareCall, display: OrderDisplay): Promise<Prepared<TicketInput>> {
  const { searchAttributes, ...timings } = await worker.getOrderSettings();
  display.useSearchAttributes(searchAttributes);
  const { reservationId, guarantee } = await call(
    'getReservation',
    {},
    {
      summary: `Get the reservation of ${orderId}`,
      isValid: isReservation,
      startToCloseMs: timings.createDeadlineMs + 5_000,
    },
  );
  display.showReservation(reservationId);
  return { guarantee, timings, input: { reservationId } };
}

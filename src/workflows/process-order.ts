import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import {
  CancellationScope,
  ChildWorkflowCancellationType,
  continueAsNew,
  log,
  ParentClosePolicy,
  proxyLocalActivities,
  startChild,
  workflowInfo,
} from '@temporalio/workflow';
import { type Conclusion, exactlyOne, initialState, lateWatchId, type OrderState } from 'exactly-one';
import { WORKFLOW_TASK_TIMEOUT_MS } from 'exactly-one/contract';
import { refusal } from 'exactly-one/workflow';
import { counted } from '../contracts/counted.ts';
import { failures } from '../contracts/failures.ts';
import type { CarriedOrder, OrderInput, OrderResult, OrderSettings } from '../contracts/order.ts';
import type { Reservation, TicketActivities } from '../contracts/ticket-activities.ts';
import { type OrderArguments, readOrderArguments } from '../contracts/workflow-arguments.ts';
import { type Cancellation, watchForCancellation } from './cancellation.ts';
import { type Continuation, createContinuation } from './continue-as-new.ts';
import { untilGivenUp } from './give-up.ts';
import { lateWatch } from './late-watch.ts';
import { createOrderDisplay, type OrderDisplay } from './order-display.ts';
import { createOrderSteps } from './order-steps.ts';
import { startedRun, validArguments } from './start.ts';
import { createTicketSystemSteps, type TicketSystemSteps } from './ticket-system-steps.ts';

const worker = proxyLocalActivities<TicketActivities>({ startToCloseTimeout: '10s' });

interface Order {
  readonly input: OrderInput;
  readonly known: CarriedOrder;
  readonly display: OrderDisplay;
  readonly cancellation: Cancellation;
  readonly continuation: Continuation;
}

type OneItem = Conclusion & { kind: 'one item' };

/**
 * Gets exactly one ticket for an order; its workflow id is the order id.
 * Never reset it, and never pause or reset its activity `createTicket`: one create would be sent twice.
 * @param given the input, and what an earlier run of the same chain knew; default nothing
 * @throws `OrderInvalid`, `OrderRejected`, `OrderCancelled` or a cancellation: it closed without a ticket;
 *   `GivenUp` or `CarriedStateInvalid`: it is unknown whether there is one
 */
export async function processOrder(...given: OrderArguments): Promise<OrderResult> {
  const { input, carried } = validArguments(readOrderArguments(given, startedRun()), failures.orderInvalid);
  const order = openOrder(input, carried);
  // A cancellation interrupts nothing. It is handled between steps, because the order must first find out what exists.
  return CancellationScope.nonCancellable(() =>
    Promise.race([
      getOneTicket(order),
      untilGivenUp(`order ${input.orderId}`, (reason) => {
        order.display.show({ detail: reason });
        order.display.enterPhase('given up');
      }),
      order.continuation.whenSuggested(),
    ]),
  );
}

async function getOneTicket(order: Order): Promise<OrderResult> {
  const settings = await readSettings(order);
  const ticketSystem = createTicketSystemSteps(order.input.orderId, settings, order.continuation, order.known);
  const reservation = await getReservation(order, ticketSystem);
  const { conclusion, state } = await createExactlyOne(order, settings, ticketSystem, reservation);
  switch (conclusion.kind) {
    case 'one item':
      if (conclusion.lateWatchMs !== undefined) {
        await startLateWatch(order, settings, reservation, state, conclusion.itemId, conclusion.lateWatchMs);
      }
      return completed(order, reservation, state, conclusion);
    case 'rejected':
      throw rejected(order, conclusion);
    case 'cancelled':
      throw cancelled(order);
  }
}

/** The worker's settings, which hold for the whole life of the order. */
async function readSettings({ known, display }: Order): Promise<OrderSettings> {
  const settings = known.settings ?? (await worker.getOrderSettings());
  known.settings = settings;
  display.useSearchAttributes(settings.searchAttributes);
  return settings;
}

async function getReservation({ known, display }: Order, ticketSystem: TicketSystemSteps): Promise<Reservation> {
  const reservation = known.reservation ?? (await ticketSystem.getReservation());
  known.reservation = reservation;
  const { reservationId, guarantee } = reservation;
  display.show({ reservationId, guarantee });
  return reservation;
}

function createExactlyOne(
  { input, known, display, cancellation, continuation }: Order,
  settings: OrderSettings,
  ticketSystem: TicketSystemSteps,
  { reservationId, guarantee }: Reservation,
) {
  const { orderId, resumed = false } = input;
  const startedAtMs = workflowInfo().startTime.getTime();
  const state = known.state ?? initialState({ guarantee, resumed, startedAtMs, timings: settings });
  const remember = (changed: OrderState) => {
    known.state = changed;
  };
  const steps = createOrderSteps({
    reservationId,
    settings,
    ticketSystem,
    display,
    cancellation,
    continuation,
    remember,
  });
  return exactlyOne(orderId, steps, settings, state);
}

/** The watch must be running before the order completes, and it outlives the order. */
async function startLateWatch(
  { input: { orderId } }: Order,
  settings: OrderSettings,
  { reservationId }: Reservation,
  { seen }: OrderState,
  promisedItemId: string,
  lateWatchMs: readonly number[],
): Promise<void> {
  await startChild(lateWatch, {
    workflowId: lateWatchId(orderId, workflowInfo().runId),
    args: [
      { orderId, reservationId, settings },
      { promisedItemId, lateWatchMs, seen, voidedItemIds: [] },
    ],
    workflowTaskTimeout: WORKFLOW_TASK_TIMEOUT_MS,
    parentClosePolicy: ParentClosePolicy.ABANDON,
    cancellationType: ChildWorkflowCancellationType.ABANDON,
    staticSummary: `Watches for late tickets of ${orderId}, keeps ${promisedItemId}`,
  });
}

function completed(
  { input, display, cancellation }: Order,
  { reservationId }: Reservation,
  state: OrderState,
  { itemId: ticketId, cancellationTooLate }: OneItem,
): OrderResult {
  display.show({ ticketId });
  display.enterPhase('completed');
  const { createAttempts } = state;
  const how = createAttempts === 0 ? ', an existing ticket' : ` after ${counted(createAttempts, 'create')}`;
  log.info(`completed with ${ticketId}${how}`, { done: true });
  return {
    orderId: input.orderId,
    reservationId,
    ticketId,
    createAttempts,
    voidedTicketIds: state.seen.voidedItemIds,
    // A cancellation may also have been requested while the late watch was being started.
    ...(cancellationTooLate || cancellation.requested() ? { cancellation: 'came too late' } : {}),
  };
}

function rejected({ input, display }: Order, { code, reason }: Conclusion & { kind: 'rejected' }): Error {
  display.enterPhase('rejected');
  const message = `order ${input.orderId} was rejected: ${reason}`;
  return refusal(message, failures.orderRejected, { code });
}

/** Temporal closes a run as cancelled only if the cancellation was requested in that very run. */
function cancelled({ input, display, cancellation }: Order): Error {
  display.enterPhase('cancelled');
  const message = `order ${input.orderId} was cancelled; it has no ticket`;
  return cancellation.requestedInThisRun()
    ? new CancelledFailure(message)
    : ApplicationFailure.nonRetryable(message, failures.orderCancelled);
}

function openOrder(input: OrderInput, carried: CarriedOrder): Order {
  const known = { ...carried };
  const display = createOrderDisplay(input.orderId, carried.outcomes);
  const cancellation = watchForCancellation(carried.cancelRequested ?? false);
  // The last state that was remembered includes every create that may have been sent.
  const continuation = createContinuation(() =>
    continueAsNew<typeof processOrder>(input, {
      ...known,
      outcomes: display.current().outcomes,
      cancelRequested: cancellation.requested(),
    }),
  );
  return { input, known, display, cancellation, continuation };
}

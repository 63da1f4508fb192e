import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import {
  CancellationScope,
  ChildWorkflowCancellationType,
  continueAsNew,
  ParentClosePolicy,
  proxyLocalActivities,
  startChild,
  workflowInfo,
} from '@temporalio/workflow';
import { type Conclusion, exactlyOne, initialState, type OrderState, type SeenItems } from 'exactly-one';
import { failures } from '../contracts/failures.ts';
import { lateWatchId, orderIdProblem } from '../contracts/ids.ts';
import type { LateWatchInput, OrderInput, OrderResult, OrderSettings } from '../contracts/order.ts';
import type { Reservation, TicketActivities } from '../contracts/ticket-activities.ts';
import { type Cancellation, watchForCancellation } from './cancellation.ts';
import { untilGivenUp } from './give-up.ts';
import { HistoryTooLong } from './history-too-long.ts';
import { lateWatch } from './late-watch.ts';
import { createOrderDisplay, type OrderDisplay } from './order-display.ts';
import { createOrderSteps } from './order-steps.ts';
import { createTicketSystemSteps } from './ticket-system-steps.ts';

const worker = proxyLocalActivities<TicketActivities>({ startToCloseTimeout: '10s' });

/** What an order has found out so far, and hands to its next run when its history has grown too long. */
export interface CarriedOrder {
  settings?: OrderSettings;
  reservation?: Reservation;
  state?: OrderState;
  outcomes?: readonly string[];
  cancelRequested?: boolean;
}

interface OrderRun {
  readonly input: OrderInput;
  readonly known: CarriedOrder;
  readonly display: OrderDisplay;
  readonly cancellation: Cancellation;
}

/**
 * An order, which ends with exactly one ticket; its workflow id is the order id.
 * It is never reset, and its activity `createTicket` is neither paused nor reset: that would send one create twice.
 * @param carried what an earlier run of the same chain has found out
 * @throws `OrderRejected`, `GivenUp` or a cancellation: the order closed without a ticket
 */
export async function processOrder(input: OrderInput, carried: CarriedOrder = {}): Promise<OrderResult> {
  refuseWrongId(input.orderId);
  const display = createOrderDisplay(input.orderId, carried.outcomes);
  const cancellation = watchForCancellation(carried.cancelRequested ?? false);

  // Nothing is broken off by a cancellation: it is looked at between steps, since first must be found out what exists.
  return CancellationScope.nonCancellable(() =>
    Promise.race([
      getOneTicket({ input, known: { ...carried }, display, cancellation }),
      untilGivenUp(`order ${input.orderId}`, () => display.turn('given up')),
    ]),
  );
}

async function getOneTicket(run: OrderRun): Promise<OrderResult> {
  const { input, known, display, cancellation } = run;
  const { orderId, resumed = false } = input;
  try {
    const settings = known.settings ?? (await worker.getOrderSettings());
    known.settings = settings;
    display.indexWith(settings);
    const ticketSystem = createTicketSystemSteps(orderId, settings);
    const reservation = known.reservation ?? (await ticketSystem.getReservation());
    known.reservation = reservation;
    const { reservationId, guarantee } = reservation;
    display.show({ reservationId, guarantee });

    const startedAtMs = workflowInfo().startTime.getTime();
    const begun = known.state ?? initialState({ guarantee, resumed, startedAtMs, timings: settings });
    const steps = createOrderSteps({ reservationId, settings, ticketSystem, display, cancellation, known });
    const { conclusion, state } = await exactlyOne(orderId, steps, settings, begun);
    known.state = state;
    return await conclude(run, conclusion, reservationId, settings, state);
  } catch (error) {
    if (error instanceof HistoryTooLong) return goOnInNewRun(run);
    throw error;
  }
}

async function conclude(
  run: OrderRun,
  conclusion: Conclusion,
  reservationId: string,
  settings: OrderSettings,
  state: OrderState,
): Promise<OrderResult> {
  const { orderId } = run.input;
  switch (conclusion.kind) {
    case 'one item': {
      const { itemId: ticketId } = conclusion;
      if (conclusion.lateWatchMs !== undefined) {
        await startLateWatch({ orderId, reservationId, settings }, ticketId, conclusion.lateWatchMs, state.seen);
      }
      run.display.show({ ticketId });
      run.display.turn('completed');
      return {
        orderId,
        reservationId,
        ticketId,
        createAttempts: state.createAttempts,
        voidedTicketIds: state.seen.voidedItemIds,
        // Also one that came while the late watch was being started.
        ...(conclusion.cancellationTooLate || run.cancellation.requested() ? { cancellation: 'came too late' } : {}),
      };
    }
    case 'rejected':
      run.display.turn('rejected');
      throw ApplicationFailure.nonRetryable(
        `order ${orderId} was rejected: ${conclusion.reason}`,
        failures.orderRejected,
        { code: conclusion.code },
      );
    case 'cancelled':
      run.display.turn('cancelled');
      throw cancelledFailure(run);
    case 'continue as new':
      return goOnInNewRun(run);
  }
}

/** The watch must be there before the order is complete, and outlives it. */
async function startLateWatch(
  watched: LateWatchInput,
  promisedTicketId: string,
  lateWatchMs: readonly number[],
  seen: SeenItems,
): Promise<void> {
  await startChild(lateWatch, {
    workflowId: lateWatchId(watched.orderId, workflowInfo().runId),
    args: [watched, { promisedItemId: promisedTicketId, lateWatchMs, seen, voidedItemIds: [] }],
    parentClosePolicy: ParentClosePolicy.ABANDON,
    cancellationType: ChildWorkflowCancellationType.ABANDON,
    staticSummary: `checks for late tickets of ${watched.orderId}, keeps ${promisedTicketId}`,
  });
}

function goOnInNewRun({ input, known, display, cancellation }: OrderRun): Promise<never> {
  return continueAsNew<typeof processOrder>(input, {
    ...known,
    outcomes: display.current().outcomes,
    cancelRequested: cancellation.requested(),
  });
}

/** Temporal closes a run as cancelled only if the cancellation reached that very run. */
function cancelledFailure({ input, cancellation }: OrderRun): Error {
  const message = `order ${input.orderId} was cancelled; it has no ticket`;
  return cancellation.requestedInThisRun()
    ? new CancelledFailure(message)
    : ApplicationFailure.nonRetryable(message, failures.orderCancelled);
}

function refuseWrongId(orderId: string): void {
  const problem = orderIdProblem(orderId);
  if (problem !== undefined) throw ApplicationFailure.nonRetryable(problem, failures.orderInvalid);
  const { workflowId } = workflowInfo();
  if (workflowId !== orderId) {
    throw ApplicationFailure.nonRetryable(
      `the workflow id of an order is its order id: expected ${orderId}, came ${workflowId}; start it so, or by the starter`,
      failures.orderInvalid,
    );
  }
}

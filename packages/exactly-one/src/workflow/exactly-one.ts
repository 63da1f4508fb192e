import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import {
  CancellationScope,
  ChildWorkflowCancellationType,
  ParentClosePolicy,
  startChild,
  workflowInfo,
} from '@temporalio/workflow';
import { cut, failures } from '../contract/index.ts';
import { WORKFLOW_TASK_TIMEOUT_MS } from '../contract/recovery.ts';
import { refusal } from '../contract/refusal.ts';
import {
  type Conclusion,
  initialState,
  lateWatchId,
  type OrderState,
  type ResolutionRecord,
  exactlyOne as runLoop,
  type WatchState,
} from '../protocol/index.ts';
import { type Calls, createCalls } from './calls.ts';
import { type Cancellation, watchForCancellation } from './cancellation.ts';
import { type Continuation, createContinuation } from './continue-as-new.ts';
import { createDisplay, type Display } from './display.ts';
import { untilGivenUp } from './give-up.ts';
import type { LateWatchInput } from './late-watch.ts';
import {
  ACTIVITY_NAMES,
  type ActivityNames,
  type Carried,
  checkOptions,
  checkPrepared,
  type ExactlyOneOptions,
  type FullyPrepared,
} from './options.ts';
import { createOrderSteps } from './order-steps.ts';
import { acceptResolutions, type Resolutions } from './resolutions.ts';
import { MAX_SUMMARY_LENGTH } from './service-steps.ts';
import type { Words } from './words.ts';

/** The workflow type of the late watch. */
const LATE_WATCH = 'lateWatch';

/** How an order ended that has exactly one item. */
export interface ExactlyOneResult<Input> {
  readonly itemId: string;
  /** Creates that were attempted, including those that were not sent. */
  readonly createAttempts: number;
  readonly voidedItemIds: readonly string[];
  /** A cancellation was requested, but the item was already there. */
  readonly cancellationTooLate: boolean;
  /** The workflow id of the late watch; undefined when none is needed. */
  readonly lateWatchId?: string;
  /** A person has said that the order has this item: it is a claim, which the late watch checks. */
  readonly resolution?: ResolutionRecord;
  /** The first argument of the activities, from `prepare` or the options. */
  readonly input: Input;
}

interface Order {
  readonly orderId: string;
  readonly options: ExactlyOneOptions<unknown>;
  readonly activities: ActivityNames;
  readonly words: Words;
  readonly known: { -readonly [Name in keyof Carried]: Carried[Name] };
  readonly calls: Calls;
  readonly display: Display;
  readonly cancellation: Cancellation;
  readonly continuation: Continuation;
  readonly resolutions: Resolutions;
}

/**
 * Gets exactly one item for the order whose id is the id of this workflow: creates at most once per attempt, checks what
 * happened, decides and repeats. A cancellation is handled between steps, the workflow continues as new when the server
 * suggests it, and with guarantee `none` a late watch outlives it: register `lateWatch` with the workflows.
 *
 * Call it before anything else that waits. Never reset the workflow, and never pause or reset its activity that creates:
 * one create would be sent twice.
 * @throws `OrderRejected`, `OrderCancelled` or a cancellation: it closed without an item; `ResolvedWithoutItem`: a person
 *   says that it has none; `GivenUp` or `CarriedStateInvalid`: it is unknown whether there is one; `OptionsInvalid`; and whatever `prepare` throws
 */
export async function exactlyOne<Input>(options: ExactlyOneOptions<Input>): Promise<ExactlyOneResult<Input>> {
  const order = openOrder(options);
  // A cancellation interrupts nothing. It is handled between steps, because the order must first find out what exists.
  const result = await CancellationScope.nonCancellable(() =>
    Promise.race([
      getOneItem(order),
      untilGivenUp(
        `order ${order.orderId}`,
        (reason) => order.display.show({ phase: 'given up', detail: reason }),
        options.mask,
      ),
      order.continuation.whenSuggested(),
    ]),
  );
  // The input is what `prepare` or the options said, in this run or in an earlier one of this workflow.
  return result as ExactlyOneResult<Input>;
}

async function getOneItem(order: Order): Promise<ExactlyOneResult<unknown>> {
  const prepared = await prepare(order);
  const { conclusion, state } = await createExactlyOne(order, prepared);
  order.resolutions.decided();
  order.continuation.stop();
  switch (conclusion.kind) {
    case 'one item': {
      const { itemId: promisedItemId, lateWatchMs } = conclusion;
      const watch = lateWatchMs && { promisedItemId, lateWatchMs, seen: state.seen, voidedItemIds: [] };
      const watched = watch === undefined ? {} : { lateWatchId: await startLateWatch(order, prepared, watch) };
      return { ...completed(order, prepared, state, conclusion), ...watched };
    }
    case 'resolved without an item':
      throw resolvedWithoutItem(order, conclusion);
    case 'rejected':
      throw rejected(order, conclusion);
    case 'cancelled':
      throw cancelled(order);
  }
}

async function prepare({ options, known, calls, display }: Order): Promise<FullyPrepared> {
  if (known.prepared === undefined) {
    const { guarantee, timings, input } = options;
    const found = await options.prepare?.((name, argument, call) => calls.repeat(name, argument, {}, call));
    known.prepared = checkPrepared({ guarantee, timings, input, ...found }, options.mask);
  }
  const prepared = checkPrepared(known.prepared, options.mask);
  display.show({ guarantee: prepared.guarantee });
  return prepared;
}

function createExactlyOne(order: Order, prepared: FullyPrepared) {
  const { orderId, options, known, resolutions } = order;
  const { guarantee, timings } = prepared;
  const { resumed = false } = options;
  const startedAtMs = workflowInfo().startTime.getTime();
  const remember = (changed: OrderState) => {
    known.state = changed;
  };
  const steps = createOrderSteps({ ...order, prepared, remember });
  const loop = () =>
    runLoop(orderId, steps, timings, known.state ?? initialState({ guarantee, resumed, startedAtMs, timings }));
  // A person ends the order also while it waits for a service that never responds.
  return Promise.race([loop(), resolutions.accepted().then(loop)]);
}

/** The watch must be running before the order completes, and it outlives the order. */
async function startLateWatch(
  { orderId, activities, options: { credentials }, words: { item } }: Order,
  { timings, input }: FullyPrepared,
  watch: WatchState,
): Promise<string> {
  const watched: LateWatchInput = {
    orderId,
    timings,
    activities: { list: activities.list, void: activities.void },
    input,
    item,
    ...(credentials === undefined ? {} : { credentials }),
  };
  const { workflowId } = await startChild(LATE_WATCH, {
    workflowId: lateWatchId(orderId, workflowInfo().runId),
    args: [watched, watch],
    workflowTaskTimeout: WORKFLOW_TASK_TIMEOUT_MS,
    parentClosePolicy: ParentClosePolicy.ABANDON,
    cancellationType: ChildWorkflowCancellationType.ABANDON,
    staticSummary: cut(`Watches for late ${item}s of ${orderId}, keeps ${watch.promisedItemId}`, MAX_SUMMARY_LENGTH),
  });
  return workflowId;
}

function completed(
  { display, cancellation }: Order,
  { input }: FullyPrepared,
  { createAttempts, seen }: OrderState,
  { itemId, cancellationTooLate, resolution }: Conclusion & { kind: 'one item' },
): ExactlyOneResult<unknown> {
  const said = resolution && { phase: 'resolved' as const, detail: `has ${itemId}, as ${resolution.by} says` };
  display.show({ ...said, itemId });
  return {
    itemId,
    createAttempts,
    voidedItemIds: seen.voidedItemIds,
    // A cancellation may also have been requested while the late watch was being started.
    cancellationTooLate: cancellationTooLate || cancellation.requested(),
    input,
    ...(resolution === undefined ? {} : { resolution }),
  };
}

function rejected({ orderId }: Order, { code, reason }: Conclusion & { kind: 'rejected' }): Error {
  return refusal(`order ${orderId} was rejected: ${reason}`, failures.orderRejected, { code, reason });
}

function resolvedWithoutItem(
  { orderId, words: { item }, display }: Order,
  { reason, by, atMs }: Conclusion & { kind: 'resolved without an item' },
): Error {
  display.show({ phase: 'resolved', detail: `has no ${item}, as ${by} says: ${reason}` });
  const message = `order ${orderId} has no ${item}, as ${by} says: ${reason}; nobody has checked it`;
  return ApplicationFailure.nonRetryable(message, failures.resolvedWithoutItem, { reason, by, atMs });
}

/** Temporal closes a run as cancelled only if the cancellation was requested in that very run. */
function cancelled({ orderId, words, cancellation }: Order): Error {
  const message = `order ${orderId} was cancelled; it has no ${words.item}`;
  return cancellation.requestedInThisRun()
    ? new CancelledFailure(message)
    : ApplicationFailure.nonRetryable(message, failures.orderCancelled);
}

function openOrder(options: ExactlyOneOptions<unknown>): Order {
  const { workflowId: orderId, continuedFromExecutionRunId } = workflowInfo();
  checkOptions(options, { orderId, isContinued: continuedFromExecutionRunId !== undefined });
  const { activities = ACTIVITY_NAMES, carried = {}, credentials, mask, item = 'item', service = 'service' } = options;
  const known = { ...carried };
  const resolutions = acceptResolutions(known, mask);
  const display = createDisplay(orderId, carried.outcomes, options.onProgress);
  const cancellation = watchForCancellation(carried.cancelRequested ?? false);
  // The last state that was remembered includes every create that may have been sent.
  const continuation = createContinuation(() =>
    options.continueAsNew({
      ...known,
      outcomes: display.current().outcomes,
      cancelRequested: cancellation.requested(),
    }),
  );
  const calls = createCalls({ orderId, credentials, continuation, mask, known });
  const words = { item, service };
  return { orderId, options, activities, words, known, calls, display, cancellation, continuation, resolutions };
}

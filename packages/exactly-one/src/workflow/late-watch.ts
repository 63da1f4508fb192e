import { ApplicationFailure } from '@temporalio/common';
import { CancellationScope, continueAsNew, setCurrentDetails, sleep, workflowInfo } from '@temporalio/workflow';
import {
  failures,
  isForeignId,
  isOptional,
  isRecordOf,
  isText,
  isTimings,
  type Mask,
  quoted,
} from '../contract/index.ts';
import { isWatchState } from '../contract/state-shapes.ts';
import { lateWatch as runWatch, type Timings, type WatchConclusion, type WatchState } from '../protocol/index.ts';
import { createCalls } from './calls.ts';
import { type Continuation, createContinuation } from './continue-as-new.ts';
import { untilGivenUp } from './give-up.ts';
import type { ActivityNames, Credentials } from './options.ts';
import { createServiceSteps } from './service-steps.ts';

/** What a late watch needs to know of its order. All of it is data, since a workflow is started with it. */
export interface LateWatchInput {
  readonly orderId: string;
  readonly timings: Timings;
  readonly activities: Pick<ActivityNames, 'list' | 'void'>;
  /** The first argument of the activities. */
  readonly input?: unknown;
  /** What the service calls an item. */
  readonly item: string;
  readonly credentials?: Credentials;
}

/** The arguments of a late watch; after continue-as-new, the second one is what is left to watch. */
export type LateWatchArguments = [input: LateWatchInput, initial: WatchState];

/** How a late watch ended that leaves nothing to do. */
export interface LateWatchResult {
  readonly promisedItemId: string;
  /** Items that came late and were voided by this watch. */
  readonly voidedItemIds: readonly string[];
}

const FAILURES: Readonly<Record<Exclude<WatchConclusion['kind'], 'watched'>, string>> = {
  'promised item gone': failures.promisedItemGone,
  'void without effect': failures.voidWithoutEffect,
};

/**
 * The late watch of an order whose service has no guarantee: long after the order has completed, it checks for late items
 * and voids them. It outlives the order, and can be given up but not cancelled. `exactlyOne` starts it: register it with
 * the workflows, under the name `lateWatch`.
 * @throws `LateWatchInvalid`, `CarriedStateInvalid`, `PromisedItemGone`, `VoidWithoutEffect` or `GivenUp`
 */
export async function lateWatch(...given: LateWatchArguments): Promise<LateWatchResult> {
  return watchForLateItems(given);
}

/**
 * The body of {@link lateWatch}, for a workflow of this name that adds something to it.
 * @param mask replaces what must not be seen in failures and logs that quote a text from outside; default: nothing
 */
export async function watchForLateItems(given: LateWatchArguments, mask?: Mask): Promise<LateWatchResult> {
  const [input, initial] = validArguments(given, mask);
  const progress: WatchProgress = { state: initial, awakeAtMs: 0 };
  const continuation = createContinuation(() => continueAsNew<typeof lateWatch>(input, leftToWatch(progress)));
  return CancellationScope.nonCancellable(() =>
    Promise.race([
      watchToTheEnd(input, progress, continuation, mask),
      untilGivenUp(`the late watch of ${input.orderId}`, setCurrentDetails, mask),
      continuation.whenSuggested(),
    ]),
  );
}

interface WatchProgress {
  state: WatchState;
  /** When the last pause that was begun ends: epoch milliseconds. */
  awakeAtMs: number;
}

/** The next run waits only for the rest of a pause: interrupting it again and again must not put off its check. */
function leftToWatch({ state, awakeAtMs }: WatchProgress): WatchState {
  const [pauseMs = 0, ...later] = state.lateWatchMs;
  const restMs = Math.max(0, awakeAtMs - Date.now());
  return { ...state, lateWatchMs: state.lateWatchMs.length === 0 ? [] : [Math.min(pauseMs, restMs), ...later] };
}

async function watchToTheEnd(
  { orderId, credentials, ...watched }: LateWatchInput,
  progress: WatchProgress,
  continuation: Continuation,
  mask: Mask | undefined,
): Promise<LateWatchResult> {
  const calls = createCalls({ orderId, credentials, continuation, mask });
  const { kind, voidedItemIds } = await runWatch(progress.state, {
    ...createServiceSteps({ orderId, input: undefined, ...watched, calls }),
    sleep: (ms) => {
      progress.awakeAtMs = Date.now() + ms;
      return continuation.interruptible(() => sleep(ms, { summary: 'Wait for the next late check' }));
    },
    remember: (changed) => {
      progress.state = changed;
    },
  });
  setCurrentDetails(`${kind}; voided: ${voidedItemIds.join(', ') || 'none'}`);
  if (kind !== 'watched') {
    throw ApplicationFailure.nonRetryable(`the late watch of ${orderId}: ${kind}`, FAILURES[kind], { voidedItemIds });
  }
  return { promisedItemId: progress.state.promisedItemId, voidedItemIds };
}

const isLateWatchInput = isRecordOf<LateWatchInput>({
  orderId: isForeignId,
  timings: isTimings,
  activities: isRecordOf<LateWatchInput['activities']>({ list: isForeignId, void: isForeignId }),
  input: () => true,
  item: isText,
  credentials: isOptional(isRecordOf<Credentials>({ obtain: isForeignId, summary: isOptional(isText) })),
});

/** Anybody who reaches the Temporal server can start a workflow with anything. */
function validArguments(given: LateWatchArguments, mask: Mask | undefined): LateWatchArguments {
  const [input, initial, ...more] = given;
  if (isLateWatchInput(input) && isWatchState(initial) && more.length === 0) return [input, initial];
  const allowed =
    '{ orderId, timings, activities, input, item } and { promisedItemId, lateWatchMs, seen, voidedItemIds }';
  const isContinued = workflowInfo().continuedFromExecutionRunId !== undefined;
  throw ApplicationFailure.nonRetryable(
    `${quoted(given, mask)} are not valid arguments of a late watch: allowed are ${allowed}`,
    isContinued ? failures.carriedStateInvalid : failures.lateWatchInvalid,
  );
}

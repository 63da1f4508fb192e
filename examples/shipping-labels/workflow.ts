import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import {
  CancellationScope,
  ChildWorkflowCancellationType,
  condition,
  continueAsNew,
  ParentClosePolicy,
  proxyActivities,
  setCurrentDetails,
  sleep,
  startChild,
  workflowInfo,
} from '@temporalio/workflow';
import {
  createLimits,
  exactlyOne,
  GUARANTEES,
  type Guarantee,
  initialState,
  lateWatch,
  lateWatchId,
  type OrderState,
  type Steps,
  type Timings,
  type WatchState,
} from 'exactly-one';
import {
  HEARTBEAT_TIMEOUT_MS,
  isBoolean,
  isDurationMs,
  isForeignId,
  isListOf,
  isOneOf,
  isOptional,
  isOrderState,
  isRecordOf,
  isWatchState,
} from 'exactly-one/contract';
import { quoted } from '../../src/contracts/secrets.ts';
import { watchForCancellation } from '../../src/workflows/cancellation.ts';
import { unreportedOutcome } from '../../src/workflows/create-outcome.ts';
import type { LabelActivities } from './activities.ts';

export interface ParcelInput {
  /** The guarantee of the carrier. Like the timings, it does not change while the parcel exists. */
  readonly guarantee: Guarantee;
  readonly timings: Timings;
  /** Whether an earlier run of this parcel was closed without a result: its create may still be in flight. */
  readonly resumed: boolean;
}

export interface LabelledParcel {
  readonly trackingNumber: string;
  readonly creates: number;
  /** The workflow that checks for late labels, if one is needed. */
  readonly lateWatchId?: string;
}

/**
 * Gets exactly one label for a parcel. The workflow id is the parcel id, so Temporal runs one workflow per parcel at a time.
 * Never reset this workflow, and never pause or reset `createLabel`: that would send a create twice.
 * @param carried the state of the previous run, after continue-as-new
 */
export async function labelParcel(input: ParcelInput, carried?: OrderState): Promise<LabelledParcel> {
  refuseUnless(isParcelInput(input) && isOptional(isOrderState)(carried), [input, carried]);
  const { workflowId: parcelId, runId, startTime } = workflowInfo();
  const { timings } = input;
  const { requested } = watchForCancellation(carried?.cancelRequested ?? false);

  // A cancellation aborts nothing: the loop handles it between steps, after it has found out what exists.
  return CancellationScope.nonCancellable(async () => {
    let state = carried ?? initialState({ ...input, startedAtMs: startTime.getTime() });
    const steps = stepsOf(parcelId, input, requested);
    const { conclusion } = await exactlyOne(
      parcelId,
      {
        ...steps,
        async validate(seen) {
          // This throws. The next run continues from the state after the last step.
          if (workflowInfo().continueAsNewSuggested) await continueAsNew<typeof labelParcel>(input, state);
          return steps.validate(seen);
        },
        onStep(next, step) {
          state = next;
          setCurrentDetails(step.kind);
        },
      },
      timings,
      state,
    );
    switch (conclusion.kind) {
      case 'one item': {
        const { itemId: trackingNumber, lateWatchMs } = conclusion;
        const labelled = { trackingNumber, creates: state.createAttempts };
        if (lateWatchMs === undefined) return labelled;
        const watch = { promisedItemId: trackingNumber, lateWatchMs, seen: state.seen, voidedItemIds: [] };
        // It is started before this workflow ends, and outlives it.
        const { workflowId } = await startChild(watchForLateLabels, {
          workflowId: lateWatchId(parcelId, runId),
          args: [parcelId, input, watch],
          parentClosePolicy: ParentClosePolicy.ABANDON,
          cancellationType: ChildWorkflowCancellationType.ABANDON,
        });
        return { ...labelled, lateWatchId: workflowId };
      }
      case 'rejected':
        throw ApplicationFailure.nonRetryable(`${parcelId} was refused: ${conclusion.reason}`, 'ParcelRefused');
      case 'cancelled':
        throw new CancelledFailure(`${parcelId} was cancelled; it has no label`);
    }
  });
}

/** Checks for late labels after a parcel has got its label, and voids them. */
export async function watchForLateLabels(
  parcelId: string,
  input: ParcelInput,
  state: WatchState,
): Promise<readonly string[]> {
  refuseUnless(isForeignId(parcelId) && isParcelInput(input) && isWatchState(state), [parcelId, input, state]);
  return CancellationScope.nonCancellable(async () => {
    const steps = stepsOf(parcelId, input, () => false);
    const { kind, voidedItemIds } = await lateWatch(state, { ...steps, remember() {} });
    if (kind === 'watched') return voidedItemIds;
    throw ApplicationFailure.nonRetryable(`${parcelId} needs a person to check it: ${kind}`, 'LateWatchFailed');
  });
}

const isParcelInput = isRecordOf<ParcelInput>({
  guarantee: isOneOf(GUARANTEES),
  timings: isRecordOf<Timings>({
    createDeadlineMs: isDurationMs,
    clockSkewMs: isDurationMs,
    settleMs: isDurationMs,
    acceptWithinMs: isOptional(isDurationMs),
    lateWatchMs: isListOf(isDurationMs),
  }),
  resumed: isBoolean,
});

/** Anybody who reaches the Temporal server can start a workflow with anything. Any other error would fail its task for ever. */
function refuseUnless(isValid: boolean, given: unknown): void {
  if (!isValid) throw ApplicationFailure.nonRetryable(`the input is not valid: ${quoted(given)}`, 'InputInvalid');
}

/** The steps of the protocol, implemented with activities and timers. */
function stepsOf(parcelId: string, { guarantee, timings }: ParcelInput, cancelRequested: () => boolean): Steps {
  const { createDeadlineMs, clockSkewMs } = timings;
  const limits = createLimits(createDeadlineMs, clockSkewMs);
  const { createLabel } = proxyActivities<LabelActivities>({
    scheduleToStartTimeout: limits.scheduleToStartMs,
    startToCloseTimeout: limits.startToCloseMs,
    heartbeatTimeout: HEARTBEAT_TIMEOUT_MS,
    retry: { maximumAttempts: limits.maximumAttempts },
  });
  const { listLabels, voidLabel } = proxyActivities<LabelActivities>({
    startToCloseTimeout: createDeadlineMs + 5_000,
    heartbeatTimeout: HEARTBEAT_TIMEOUT_MS,
    retry: { initialInterval: '250ms', maximumInterval: '2s' },
  });
  return {
    nowMs: () => Date.now(),
    random: () => Math.random(),
    sleep: (ms) => sleep(ms),
    sleepUntilCheck: (ms) => sleep(ms),
    sleepUnlessCancelled: async (ms) => {
      await condition(cancelRequested, ms);
    },
    create: ({ deadlineMs, idempotencyKey: key }) =>
      createLabel({ parcelId, deadlineMs, key, createDeadlineMs }).catch(unreportedOutcome),
    validate: (seen) => listLabels({ parcelId, seen, clockSkewMs }),
    voidItem: (trackingNumber, keep) => voidLabel({ parcelId, trackingNumber, keep, createDeadlineMs }),
    readGuarantee: async () => guarantee,
    cancelRequested,
    onStep: (_, step) => setCurrentDetails(step.kind),
    onOutcome() {},
  };
}

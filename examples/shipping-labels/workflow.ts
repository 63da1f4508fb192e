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
  type Guarantee,
  initialState,
  lateWatch,
  type OrderState,
  type Steps,
  type Timings,
  type WatchState,
} from 'exactly-one';
import { lateWatchId } from '../../src/contracts/ids.ts';
import { watchForCancellation } from '../../src/workflows/cancellation.ts';
import { unreportedOutcome } from '../../src/workflows/create-outcome.ts';
import type { LabelActivities } from './activities.ts';

export interface ParcelInput {
  /** What the carrier promises; it holds, like the timings, for the whole life of this parcel. */
  readonly guarantee: Guarantee;
  readonly timings: Timings;
  /** An earlier run of this parcel was closed without a result: its create may still be in flight. */
  readonly resumed: boolean;
}

export interface LabelledParcel {
  readonly trackingNumber: string;
  readonly creates: number;
  /** The workflow that checks for late labels, where one is needed. */
  readonly lateWatchId?: string;
}

/**
 * A parcel, which ends with exactly one label. Its workflow id is the parcel id: so Temporal keeps one at a time.
 * It is never reset, and its activity `createLabel` is neither paused nor reset: that would send one create twice.
 * @param carried what an earlier run of the same chain has found out
 */
export async function labelParcel(input: ParcelInput, carried?: OrderState): Promise<LabelledParcel> {
  const { workflowId: parcelId, runId, startTime } = workflowInfo();
  const { timings } = input;
  const { requested } = watchForCancellation(carried?.cancelRequested ?? false);

  // Nothing is broken off by a cancellation: the loop checks at it between steps, and first finds out what exists.
  return CancellationScope.nonCancellable(async () => {
    let state = carried ?? initialState({ ...input, startedAtMs: startTime.getTime() });
    const steps = stepsOf(parcelId, input, requested);
    const { conclusion } = await exactlyOne(
      parcelId,
      {
        ...steps,
        async validate(seen) {
          // It throws, and the next run continues from the state of the last step.
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
        // It is there before this workflow ends, and outlives it.
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

/** Long after a parcel got its label: voids labels that came late. */
export async function watchForLateLabels(
  parcelId: string,
  input: ParcelInput,
  begun: WatchState,
): Promise<readonly string[]> {
  return CancellationScope.nonCancellable(async () => {
    const steps = stepsOf(parcelId, input, () => false);
    const { kind, voidedItemIds } = await lateWatch(begun, { ...steps, remember() {} });
    if (kind === 'watched') return voidedItemIds;
    throw ApplicationFailure.nonRetryable(`${parcelId} needs a person to look: ${kind}`, 'LateWatchFailed');
  });
}

/** What the protocol asks of the world, made of activities and timers. */
function stepsOf(parcelId: string, { guarantee, timings }: ParcelInput, cancelRequested: () => boolean): Steps {
  const { createDeadlineMs, clockSkewMs } = timings;
  const limits = createLimits(createDeadlineMs, clockSkewMs);
  const { createLabel } = proxyActivities<LabelActivities>({
    scheduleToStartTimeout: limits.scheduleToStartMs,
    startToCloseTimeout: limits.startToCloseMs,
    retry: { maximumAttempts: limits.maximumAttempts },
  });
  const { listLabels, voidLabel } = proxyActivities<LabelActivities>({
    startToCloseTimeout: createDeadlineMs + 5_000,
    retry: { initialInterval: '250ms', maximumInterval: '2s' },
  });
  return {
    nowMs: () => Date.now(),
    random: () => Math.random(),
    sleep: (ms) => sleep(ms),
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

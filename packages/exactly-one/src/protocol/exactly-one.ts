import { type BackOff, fullJitterMs } from './back-off.ts';
import type { CreateOutcome } from './create-outcome.ts';
import { type Decision, decide, needsLateWatch } from './decide.ts';
import { watchSchedule } from './late-watch.ts';
import {
  fenceOfState,
  type OrderState,
  withCreateSent,
  withGuarantee,
  withOutcome,
  withResponse,
} from './order-state.ts';
import type { AcceptedResolution, ResolutionRecord } from './resolution.ts';
import type { Steps } from './steps.ts';
import type { Timings } from './timings.ts';

/** How an order ended. */
export type Conclusion =
  | {
      readonly kind: 'one item';
      readonly itemId: string;
      /**
       * The pauses before the checks of the late watch that must now start, in milliseconds; undefined when none is
       * needed.
       */
      readonly lateWatchMs?: readonly number[];
      /** A cancellation was requested, but the item was already there. */
      readonly cancellationTooLate: boolean;
      /** A person has said that the order has this item. */
      readonly resolution?: ResolutionRecord;
    }
  /** A person has said that no item exists. */
  | ({ readonly kind: 'resolved without an item' } & ResolutionRecord)
  /** No item exists. */
  | { readonly kind: 'rejected'; readonly code: string; readonly reason: string }
  /** No item exists. */
  | { readonly kind: 'cancelled' };

/** The pause after a create that was not sent, or before one that is repeated with its key. */
export const CREATE_BACK_OFF: BackOff = { baseMs: 500, capMs: 10_000 };

/** The longest `Retry-After` that is honoured. */
const MAX_RETRY_AFTER_MS = 60_000;

const NOT_REPORTED: CreateOutcome = { kind: 'unknown', reason: 'the outcome was not reported' };

/**
 * Creates at most once per attempt, checks what actually happened, decides and repeats, until exactly one item is live,
 * or until none is and none can come.
 * @param initial the state from `initialState`, or the last one passed to `steps.onStep` before an interruption
 * @returns how the order ended, and its last state
 * @throws whatever a step throws
 */
export async function exactlyOne(
  orderId: string,
  steps: Steps,
  timings: Timings,
  initial: OrderState,
): Promise<{ readonly conclusion: Conclusion; readonly state: OrderState }> {
  let state = initial;
  for (;;) {
    state = withCancellation(state, steps);
    const resolution = steps.resolution?.();
    if (resolution !== undefined) {
      return { conclusion: resolved(state, resolution, timings, steps.nowMs()), state };
    }
    if (state.mustRereadGuarantee) {
      steps.onStep(state, { kind: 'read guarantee' });
      state = withGuarantee(state, await steps.readGuarantee());
    }
    steps.onStep(state, { kind: 'validate' });
    const response = await steps.validate(state.seen);
    state = withResponse(withCancellation(state, steps), response, timings);

    // From here until the next step nothing waits, so an order that was resolved during the check decides nothing.
    if (steps.resolution?.() !== undefined) continue;

    // The response lacks the item that a 201 claimed. That outcome is unknown after all, so nothing is decided yet.
    if (state.mustRereadGuarantee) continue;

    const decision = decide(orderId, state, response, timings, steps.nowMs());
    if (decision.kind === 'create') {
      state = await createOnce(state, decision, steps, timings);
      continue;
    }
    steps.onStep(state, decision);
    switch (decision.kind) {
      case 'complete':
        return { conclusion: completed(state, decision.itemId, timings, steps.nowMs()), state };
      case 'close':
        return { conclusion: closed(state, decision.as), state };
      case 'wait':
        state = await pause(state, decision, steps);
        break;
      case 'void':
        state = await voidAll(state, decision, steps);
        break;
    }
  }
}

function withCancellation(state: OrderState, steps: Steps): OrderState {
  return { ...state, cancelRequested: state.cancelRequested || steps.cancelRequested() };
}

async function createOnce(
  before: OrderState,
  decision: Decision & { kind: 'create' },
  steps: Steps,
  timings: Timings,
): Promise<OrderState> {
  const { guarantee } = before;
  const { key } = decision;
  const { createDeadlineMs } = timings;
  const deadlineMs = steps.nowMs() + createDeadlineMs;
  const sent = withCreateSent(before, deadlineMs, key);
  // A run that is interrupted from here on must not forget the create: until its outcome is reported, it is unknown.
  steps.onStep(withOutcome(sent, NOT_REPORTED, before), decision);
  const attempt = sent.createAttempts;
  const outcome = await steps.create({ attempt, deadlineMs, createDeadlineMs, idempotencyKey: key, guarantee });
  steps.onOutcome(outcome);
  const pauseMs = Math.max(retryAfterMs(outcome), fullJitterMs(CREATE_BACK_OFF, before.backOffs, steps.random()));
  if (outcome.kind === 'not sent') await steps.sleepUnlessCancelled(pauseMs);
  return {
    ...withOutcome(sent, outcome, before),
    notBeforeMs: steps.nowMs() + (outcome.kind === 'not sent' ? 0 : pauseMs),
    backOffs: before.backOffs + 1,
  };
}

function retryAfterMs(outcome: CreateOutcome): number {
  const requestedMs = 'retryAfterMs' in outcome ? outcome.retryAfterMs : undefined;
  return Math.min(requestedMs ?? 0, MAX_RETRY_AFTER_MS);
}

async function pause(state: OrderState, { ms, why }: Decision & { kind: 'wait' }, steps: Steps): Promise<OrderState> {
  switch (why) {
    case 'settling':
      await steps.sleepUntilCheck(ms);
      return { ...state, checks: state.checks + 1 };
    case 'backing off':
      await steps.sleepUnlessCancelled(ms);
      return { ...state, checks: state.checks + 1 };
    case 'final check':
      // Never cut short: these pauses wait for what commits late.
      await steps.sleep(ms);
      return { ...state, finalChecks: state.finalChecks + 1 };
  }
}

async function voidAll(state: OrderState, decision: Decision & { kind: 'void' }, steps: Steps): Promise<OrderState> {
  if (state.voidRounds > 0) await steps.sleep(fullJitterMs(CREATE_BACK_OFF, state.voidRounds, steps.random()));
  for (const itemId of decision.itemIds) {
    if (steps.resolution?.() === undefined) await steps.voidItem(itemId, decision.keep);
  }
  return { ...state, voidRounds: state.voidRounds + 1 };
}

function completed(state: OrderState, itemId: string, timings: Timings, nowMs: number): Conclusion {
  const conclusion = { kind: 'one item', itemId, cancellationTooLate: state.cancelRequested } as const;
  return needsLateWatch(state) ? { ...conclusion, lateWatchMs: watchPauses(state, timings, nowMs) } : conclusion;
}

/** Nothing was checked, so the late watch does it, whatever the guarantee. */
function resolved(state: OrderState, resolution: AcceptedResolution, timings: Timings, nowMs: number): Conclusion {
  const { reason, by, atMs } = resolution;
  if (!('itemId' in resolution)) return { kind: 'resolved without an item', reason, by, atMs };
  return {
    kind: 'one item',
    itemId: resolution.itemId,
    cancellationTooLate: state.cancelRequested,
    lateWatchMs: watchPauses(state, timings, nowMs),
    resolution: { reason, by, atMs },
  };
}

function watchPauses(state: OrderState, timings: Timings, nowMs: number): readonly number[] {
  return watchSchedule(timings.lateWatchMs, fenceOfState(state, timings), timings.clockSkewMs, nowMs);
}

function closed(state: OrderState, as: 'rejected' | 'cancelled'): Conclusion {
  if (as === 'cancelled' || state.rejection === undefined) return { kind: 'cancelled' };
  return { kind: 'rejected', ...state.rejection };
}

import { type BackOff, fullJitterMs } from './back-off.ts';
import type { CreateOutcome } from './classify-outcome.ts';
import { type Decision, decide, needsLateWatch } from './decide.ts';
import type { Guarantee } from './guarantee.ts';
import type { ItemList, SeenItems, VoidResult } from './items.ts';
import { watchSchedule } from './late-watch.ts';
import {
  fenceOfState,
  type OrderState,
  withCreateSent,
  withGuarantee,
  withOutcome,
  withResponse,
} from './order-state.ts';
import type { Timings } from './timings.ts';

/** One create, as the loop requests it. */
export interface CreateRequest {
  /** 1 for the order's first create. */
  readonly attempt: number;
  /** Epoch milliseconds: the create must not be sent, nor waited for, after this time. */
  readonly deadlineMs: number;
  /** The most time that the create may take, by whichever clock: `timings.createDeadlineMs`. */
  readonly createDeadlineMs: number;
  /** The same for all creates that may make only one item. A service that does not honour it can be sent it safely. */
  readonly idempotencyKey: string;
  /** The weakest guarantee seen. */
  readonly guarantee: Guarantee;
}

/**
 * What the loop needs from its surroundings: in production activities and timers, in a simulation a virtual network.
 *
 * Any of them may throw to interrupt the loop, as Temporal's `continueAsNew` does; the error passes through. A later
 * call of `exactlyOne` continues from the state last given to `onStep`. A create that may have been sent is part of it.
 */
export interface Steps {
  /** Epoch milliseconds, by one clock for all runs of an order. In a workflow: workflow time. */
  nowMs(): number;
  /** A number in [0, 1), for jitter. */
  random(): number;
  sleep(ms: number): Promise<void>;
  /** Like `sleep`, but ends early when a cancellation is requested. */
  sleepUnlessCancelled(ms: number): Promise<void>;
  /** The order's items from a complete response that lacks nothing in `seen`. It retries until it has one. */
  validate(seen: SeenItems): Promise<ItemList>;
  /** Sends one create, at most once, and returns its outcome. Failing is an outcome too, not an error. */
  create(request: CreateRequest): Promise<CreateOutcome>;
  /**
   * Voids an item. It retries until it has a result.
   * @param keep the item that stays and must be live; null when the order is being cancelled
   */
  voidItem(itemId: string, keep: string | null): Promise<VoidResult>;
  /** What the service promises now. */
  readGuarantee(): Promise<Guarantee>;
  cancelRequested(): boolean;
  /** Called before each step, with everything known by then. */
  onStep(state: OrderState, step: Step): void;
  onOutcome(outcome: CreateOutcome): void;
}

/** What an order does at one point. */
export type Step = Decision | { readonly kind: 'validate' } | { readonly kind: 'read guarantee' };

/** How an order ended. */
export type Conclusion =
  | {
      readonly kind: 'one item';
      readonly itemId: string;
      /** The pauses before the checks of the late watch that must now begin; undefined when none is needed. */
      readonly lateWatchMs?: readonly number[];
      /** A cancellation was requested, but the item was already there. */
      readonly cancellationTooLate: boolean;
    }
  /** No item exists. */
  | { readonly kind: 'rejected'; readonly code: string; readonly reason: string }
  /** No item exists. */
  | { readonly kind: 'cancelled' };

/** The pause after a create that was not sent, or before one that is repeated with its key. */
export const CREATE_BACK_OFF: BackOff = { baseMs: 500, capMs: 10_000 };

/** The longest `Retry-After` that is honoured. */
const LONGEST_RETRY_AFTER_MS = 60_000;

const NOT_REPORTED: CreateOutcome = { kind: 'unknown', reason: 'the outcome was not reported' };

/**
 * Creates at most once per attempt, checks what actually happened, decides and repeats, until exactly one item is live,
 * or until none is and none can come.
 * @param begin the state from `initialState`, or the one last given to `steps.onStep` before an interruption
 * @returns how the order ended, and its last state
 * @throws whatever a step throws
 */
export async function exactlyOne(
  orderId: string,
  steps: Steps,
  timings: Timings,
  begin: OrderState,
): Promise<{ readonly conclusion: Conclusion; readonly state: OrderState }> {
  let state = begin;
  for (;;) {
    state = withCancellation(state, steps);
    if (state.mustRereadGuarantee) {
      steps.onStep(state, { kind: 'read guarantee' });
      state = withGuarantee(state, await steps.readGuarantee());
    }
    steps.onStep(state, { kind: 'validate' });
    const response = await steps.validate(state.seen);
    state = withResponse(withCancellation(state, steps), response, timings);

    // The response shows that an outcome is unknown after all, so nothing may be decided by it.
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
  return Math.min(requestedMs ?? 0, LONGEST_RETRY_AFTER_MS);
}

async function pause(state: OrderState, { ms, why }: Decision & { kind: 'wait' }, steps: Steps): Promise<OrderState> {
  if (why === 'backing off') await steps.sleepUnlessCancelled(ms);
  else await steps.sleep(ms);
  return why === 'final check'
    ? { ...state, finalChecks: state.finalChecks + 1 }
    : { ...state, checks: state.checks + 1 };
}

async function voidAll(state: OrderState, decision: Decision & { kind: 'void' }, steps: Steps): Promise<OrderState> {
  if (state.voidRounds > 0) await steps.sleep(fullJitterMs(CREATE_BACK_OFF, state.voidRounds, steps.random()));
  for (const itemId of decision.itemIds) await steps.voidItem(itemId, decision.keep);
  return { ...state, voidRounds: state.voidRounds + 1 };
}

function completed(state: OrderState, itemId: string, timings: Timings, nowMs: number): Conclusion {
  const conclusion = { kind: 'one item', itemId, cancellationTooLate: state.cancelRequested } as const;
  if (!needsLateWatch(state)) return conclusion;
  const { lateWatchMs, clockSkewMs } = timings;
  return { ...conclusion, lateWatchMs: watchSchedule(lateWatchMs, fenceOfState(state, timings), clockSkewMs, nowMs) };
}

function closed(state: OrderState, as: 'rejected' | 'cancelled'): Conclusion {
  if (as === 'cancelled' || state.rejection === undefined) return { kind: 'cancelled' };
  return { kind: 'rejected', ...state.rejection };
}

import { type BackOff, fullJitterMs } from './back-off.ts';
import type { CreateOutcome } from './classify-outcome.ts';
import { type Decision, decide, needsLateWatch } from './decide.ts';
import type { Guarantee } from './guarantee.ts';
import type { ItemList, SeenItems, VoidResult } from './items.ts';
import {
  fenceOfState,
  type OrderState,
  withCreateSent,
  withGuarantee,
  withOutcome,
  withResponse,
} from './order-state.ts';
import type { Timings } from './timings.ts';
import { watchSchedule } from './watch-schedule.ts';

/** What the loop asks of the world. In production these are activities and timers, in the simulation a virtual network. */
export interface Steps {
  nowMs(): number;
  /** A number in [0, 1). */
  random(): number;
  sleep(ms: number): Promise<void>;
  /** Waits, but ends early when a cancellation is asked for. */
  sleepUnlessCancelled(ms: number): Promise<void>;
  /** Returns only a complete response that lacks nothing of `seen`; asks again until it has one. */
  validate(seen: SeenItems): Promise<ItemList>;
  /** Sends one create, once, and says what came of it. Never throws. */
  create(request: {
    readonly deadlineMs: number;
    readonly key: string;
    readonly guarantee: Guarantee;
  }): Promise<CreateOutcome>;
  /** Voids an item, or says that its keeper is not live; asks again until it has an answer. */
  voidItem(itemId: string, keep: string | null): Promise<VoidResult>;
  /** The guarantee as it stands now. */
  readGuarantee(): Promise<Guarantee>;
  cancelRequested(): boolean;
  /** Whether the history has grown so long that the loop must go on in a new run. */
  mustContinueAsNew(): boolean;
  /** Told before each step: all that is known then, to be shown, and to go on with should the step be broken off. */
  onStep(state: OrderState, doing: Step): void;
  onOutcome(outcome: CreateOutcome): void;
}

/** What an order does at a moment. */
export type Step = Decision | { readonly kind: 'validate' } | { readonly kind: 'read guarantee' };

export type Conclusion =
  | {
      readonly kind: 'one item';
      readonly itemId: string;
      /** The pauses before the checks of a late watch; undefined when no watch is needed. */
      readonly lateWatchMs?: readonly number[];
      readonly cancellationTooLate: boolean;
    }
  | { readonly kind: 'rejected'; readonly code: string; readonly reason: string }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'continue as new' };

/** Between creates that were not sent, or are sent again with their key. */
export const CREATE_BACK_OFF: BackOff = { baseMs: 500, capMs: 10_000 };

/** No service is believed that asks for a longer pause than this. */
const LONGEST_RETRY_AFTER_MS = 60_000;

/**
 * Creates at most once per attempt, checks what really happened, decides, repeats: until exactly one item is live,
 * or none is and none can come.
 * @param begun the state to begin with, or to go on with after continue-as-new
 */
export async function exactlyOne(
  orderId: string,
  steps: Steps,
  timings: Timings,
  begun: OrderState,
): Promise<{ readonly conclusion: Conclusion; readonly state: OrderState }> {
  let state = begun;
  for (;;) {
    state = { ...state, cancelRequested: state.cancelRequested || steps.cancelRequested() };
    if (steps.mustContinueAsNew()) return { conclusion: { kind: 'continue as new' }, state };

    if (state.mustRereadGuarantee) {
      steps.onStep(state, { kind: 'read guarantee' });
      state = withGuarantee(state, await steps.readGuarantee());
    }
    steps.onStep(state, { kind: 'validate' });
    const answer = await steps.validate(state.seen);
    state = withResponse(
      { ...state, cancelRequested: state.cancelRequested || steps.cancelRequested() },
      answer,
      timings,
    );

    // This answer has shown that an outcome is unknown after all: nothing is decided by it.
    if (state.mustRereadGuarantee) continue;

    const decision = decide(orderId, state, answer, timings, steps.nowMs());
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
      case 'create':
        state = await createOnce(state, decision.key, steps, timings);
        break;
    }
  }
}

async function createOnce(before: OrderState, key: string, steps: Steps, timings: Timings): Promise<OrderState> {
  const deadlineMs = steps.nowMs() + timings.createDeadlineMs;
  const sent = withCreateSent(before, deadlineMs, key);
  const outcome = await steps.create({ deadlineMs, key, guarantee: before.guarantee });
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
  const asked = 'retryAfterMs' in outcome ? outcome.retryAfterMs : undefined;
  return Math.min(asked ?? 0, LONGEST_RETRY_AFTER_MS);
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
  const ending = { kind: 'one item', itemId, cancellationTooLate: state.cancelRequested } as const;
  if (!needsLateWatch(state)) return ending;
  const { lateWatchMs, clockSkewMs } = timings;
  return { ...ending, lateWatchMs: watchSchedule(lateWatchMs, fenceOfState(state, timings), clockSkewMs, nowMs) };
}

function closed(state: OrderState, as: 'rejected' | 'cancelled'): Conclusion {
  if (as === 'cancelled' || state.rejection === undefined) return { kind: 'cancelled' };
  return { kind: 'rejected', ...state.rejection };
}

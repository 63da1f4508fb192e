import { type BackOff, fullJitterMs } from './back-off.ts';
import type { CreateOutcome } from './classify-outcome.ts';
import { type Decision, decide, needsLateWatch } from './decide.ts';
import type { Guarantee } from './guarantee.ts';
import type { SeenTickets, TicketList, VoidResult } from './items.ts';
import {
  fenceOfState,
  type OrderState,
  withAnswer,
  withCreateSent,
  withGuarantee,
  withOutcome,
} from './order-state.ts';
import type { Intervals } from './timings.ts';
import { watchSchedule } from './watch-schedule.ts';

/** What the loop asks of the world. In production these are activities and timers, in the simulation a virtual network. */
export interface Steps {
  nowMs(): number;
  /** A number in [0, 1). */
  random(): number;
  sleep(ms: number): Promise<void>;
  /** Waits, but ends early when a cancellation is asked for. */
  sleepUnlessCancelled(ms: number): Promise<void>;
  /** Returns only a whole answer that lacks nothing of `seen`; asks again until it has one. */
  validate(seen: SeenTickets): Promise<TicketList>;
  /** Sends one create, once, and says what came of it. Never throws. */
  create(request: {
    readonly deadlineMs: number;
    readonly key: string;
    readonly guarantee: Guarantee;
  }): Promise<CreateOutcome>;
  /** Voids a ticket, or says that its keeper is not live; asks again until it has an answer. */
  voidTicket(ticketId: string, keep: string | null): Promise<VoidResult>;
  /** The guarantee as it stands now. */
  readGuarantee(): Promise<Guarantee>;
  cancelRequested(): boolean;
  /** Whether the history has grown so long that the loop must go on in a new run. */
  mustContinueAsNew(): boolean;
  /** Told before each step: all that is known then, to be shown, and to go on with should the step be broken off. */
  onStep(state: OrderState, doing: Doing): void;
  onOutcome(outcome: CreateOutcome): void;
}

/** What an order does at a moment. */
export type Doing = Decision | { readonly kind: 'validate' } | { readonly kind: 'read guarantee' };

export type Conclusion =
  | {
      readonly kind: 'one ticket';
      readonly ticketId: string;
      /** The pauses before the looks of a late watch; undefined when no watch is needed. */
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
 * Creates at most once per attempt, looks what really happened, decides, repeats: until exactly one ticket is live,
 * or none is and none can come.
 * @param begun the state to begin with, or to go on with after continue-as-new
 */
export async function exactlyOne(
  orderId: string,
  steps: Steps,
  intervals: Intervals,
  begun: OrderState,
): Promise<{ readonly conclusion: Conclusion; readonly state: OrderState }> {
  let state = begun;
  for (;;) {
    state = { ...state, cancelRequested: state.cancelRequested || steps.cancelRequested() };
    if (steps.mustContinueAsNew()) return { conclusion: { kind: 'continue as new' }, state };

    if (state.guaranteeInQuestion) {
      steps.onStep(state, { kind: 'read guarantee' });
      state = withGuarantee(state, await steps.readGuarantee());
    }
    steps.onStep(state, { kind: 'validate' });
    const answer = await steps.validate(state.seen);
    state = withAnswer(
      { ...state, cancelRequested: state.cancelRequested || steps.cancelRequested() },
      answer,
      intervals,
    );

    // This answer has shown that an outcome is unknown after all: nothing is decided by it.
    if (state.guaranteeInQuestion) continue;

    const decision = decide(orderId, state, answer, intervals, steps.nowMs());
    steps.onStep(state, decision);
    switch (decision.kind) {
      case 'complete':
        return { conclusion: completed(state, decision.ticketId, intervals, steps.nowMs()), state };
      case 'close':
        return { conclusion: closed(state, decision.as), state };
      case 'wait':
        state = await pause(state, decision, steps);
        break;
      case 'void':
        state = await voidAll(state, decision, steps);
        break;
      case 'create':
        state = await createOnce(state, decision.key, steps, intervals);
        break;
    }
  }
}

async function createOnce(before: OrderState, key: string, steps: Steps, intervals: Intervals): Promise<OrderState> {
  const deadlineMs = steps.nowMs() + intervals.createDeadlineMs;
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
  return why === 'last look' ? { ...state, lateLooks: state.lateLooks + 1 } : { ...state, looks: state.looks + 1 };
}

async function voidAll(state: OrderState, decision: Decision & { kind: 'void' }, steps: Steps): Promise<OrderState> {
  if (state.voidRounds > 0) await steps.sleep(fullJitterMs(CREATE_BACK_OFF, state.voidRounds, steps.random()));
  for (const ticketId of decision.ticketIds) await steps.voidTicket(ticketId, decision.keep);
  return { ...state, voidRounds: state.voidRounds + 1 };
}

function completed(state: OrderState, ticketId: string, intervals: Intervals, nowMs: number): Conclusion {
  const ending = { kind: 'one ticket', ticketId, cancellationTooLate: state.cancelRequested } as const;
  if (!needsLateWatch(state)) return ending;
  const { lateWatchMs, clockSkewMs } = intervals;
  return { ...ending, lateWatchMs: watchSchedule(lateWatchMs, fenceOfState(state, intervals), clockSkewMs, nowMs) };
}

function closed(state: OrderState, as: 'rejected' | 'cancelled'): Conclusion {
  if (as === 'cancelled' || state.rejection === undefined) return { kind: 'cancelled' };
  return { kind: 'rejected', ...state.rejection };
}

import { isPastFence, settlePauseMs } from './fence.ts';
import { idempotencyKey } from './idempotency-key.ts';
import type { TicketList } from './items.ts';
import { chooseKeeper, liveTickets } from './keeper.ts';
import { fenceOfState, type OrderState } from './order-state.ts';
import type { Intervals } from './timings.ts';

/** The one thing to do next. */
export type Decision =
  | { readonly kind: 'wait'; readonly ms: number; readonly why: 'settling' | 'last look' | 'backing off' }
  | { readonly kind: 'void'; readonly ticketIds: readonly string[]; readonly keep: string | null }
  | { readonly kind: 'create'; readonly key: string }
  | { readonly kind: 'complete'; readonly ticketId: string }
  | { readonly kind: 'close'; readonly as: 'rejected' | 'cancelled' };

/**
 * Decides from a whole answer, already taken into account in `state`, what an order does next.
 * This is the heart of "exactly one": nothing else in the system decides to create, to void, to complete or to close.
 */
export function decide(
  orderId: string,
  state: OrderState,
  answer: TicketList,
  intervals: Intervals,
  nowMs: number,
): Decision {
  const fenceMs = fenceOfState(state, intervals);
  const pastFence = isPastFence(answer.asOfMs, fenceMs, intervals.clockSkewMs);
  const settle: Decision = {
    kind: 'wait',
    ms: settlePauseMs(state.looks, (fenceMs ?? 0) + intervals.clockSkewMs - answer.asOfMs),
    why: 'settling',
  };
  const live = liveTickets(answer.tickets);
  const closing = state.cancelRequested ? 'cancelled' : state.rejection !== undefined ? 'rejected' : undefined;
  const key = idempotencyKey(orderId, state.seen.voidedTicketIds);

  // With a key that the service honours the doubt need not end, as long as there is nothing but to send again.
  const mayStayInDoubt = closing === undefined && live.length === 0 && canSendAgain(state, key);
  if (state.doubt !== undefined && !mayStayInDoubt) return settle;
  if (state.cancelRequested && !pastFence) return settle;

  if (state.cancelRequested && state.absenceProven && live.length > 0) {
    return { kind: 'void', ticketIds: live.map(({ ticketId }) => ticketId), keep: null };
  }
  const keeper = chooseKeeper(live);
  if (keeper !== undefined) {
    const surplus = live.filter((ticket) => ticket !== keeper).map(({ ticketId }) => ticketId);
    return surplus.length > 0
      ? { kind: 'void', ticketIds: surplus, keep: keeper.ticketId }
      : { kind: 'complete', ticketId: keeper.ticketId };
  }

  if (closing !== undefined) {
    if (!pastFence) return settle;
    const lateLookMs = needsLateWatch(state) ? intervals.lateWatchMs[state.lateLooks] : undefined;
    return lateLookMs === undefined
      ? { kind: 'close', as: closing }
      : { kind: 'wait', ms: lateLookMs, why: 'last look' };
  }
  if (nowMs < state.notBeforeMs) return { kind: 'wait', ms: state.notBeforeMs - nowMs, why: 'backing off' };
  return { kind: 'create', key };
}

/** Whether a create may still commit that nobody waits for any more: only a service that promises nothing does that. */
export function needsLateWatch(state: OrderState): boolean {
  return state.guarantee === 'none' && (state.resumed || state.stayedUnknown);
}

/** With a key that the service honours, the same create may be sent again while earlier ones are in doubt. */
function canSendAgain({ guarantee, doubt }: OrderState, key: string): boolean {
  return guarantee === 'idempotency-key' && doubt?.kind === 'creates' && doubt.key === key;
}

import { isPastFence, settlePauseMs } from './fence.ts';
import { idempotencyKey } from './idempotency-key.ts';
import type { ItemList } from './items.ts';
import { chooseKeeper, liveItems } from './keeper.ts';
import { fenceOfState, type OrderState } from './order-state.ts';
import type { Timings } from './timings.ts';

/** The one thing to do next. */
export type Decision =
  | { readonly kind: 'wait'; readonly ms: number; readonly why: 'settling' | 'final check' | 'backing off' }
  | { readonly kind: 'void'; readonly itemIds: readonly string[]; readonly keep: string | null }
  | { readonly kind: 'create'; readonly key: string }
  | { readonly kind: 'complete'; readonly itemId: string }
  | { readonly kind: 'close'; readonly as: 'rejected' | 'cancelled' };

/**
 * Decides from a complete response, already taken into account in `state`, what an order does next.
 * This is the heart of "exactly one": nothing else in the system decides to create, to void, to complete or to close.
 */
export function decide(
  orderId: string,
  state: OrderState,
  answer: ItemList,
  timings: Timings,
  nowMs: number,
): Decision {
  const fenceMs = fenceOfState(state, timings);
  const pastFence = isPastFence(answer.asOfMs, fenceMs, timings.clockSkewMs);
  const settle: Decision = {
    kind: 'wait',
    ms: settlePauseMs(state.checks, (fenceMs ?? 0) + timings.clockSkewMs - answer.asOfMs),
    why: 'settling',
  };
  const live = liveItems(answer.items);
  const closing = state.cancelRequested ? 'cancelled' : state.rejection !== undefined ? 'rejected' : undefined;
  const key = idempotencyKey(orderId, state.seen.voidedItemIds);

  // With a key that the service honours the unresolved need not end, as long as there is nothing but to send again.
  const mayStayInDoubt = closing === undefined && live.length === 0 && canSendAgain(state, key);
  if (state.unresolved !== undefined && !mayStayInDoubt) return settle;
  if (state.cancelRequested && !pastFence) return settle;

  if (state.cancelRequested && state.absenceProven && live.length > 0) {
    return { kind: 'void', itemIds: live.map(({ itemId }) => itemId), keep: null };
  }
  const keeper = chooseKeeper(live);
  if (keeper !== undefined) {
    const surplus = live.filter((item) => item !== keeper).map(({ itemId }) => itemId);
    return surplus.length > 0
      ? { kind: 'void', itemIds: surplus, keep: keeper.itemId }
      : { kind: 'complete', itemId: keeper.itemId };
  }

  if (closing !== undefined) {
    if (!pastFence) return settle;
    const lateLookMs = needsLateWatch(state) ? timings.lateWatchMs[state.finalChecks] : undefined;
    return lateLookMs === undefined
      ? { kind: 'close', as: closing }
      : { kind: 'wait', ms: lateLookMs, why: 'final check' };
  }
  if (nowMs < state.notBeforeMs) return { kind: 'wait', ms: state.notBeforeMs - nowMs, why: 'backing off' };
  return { kind: 'create', key };
}

/** Whether a create may still commit that nobody waits for any more: only a service that promises nothing does that. */
export function needsLateWatch(state: OrderState): boolean {
  return state.guarantee === 'none' && (state.resumed || state.stayedUnknown);
}

/** With a key that the service honours, the same create may be sent again while earlier ones are in unresolved. */
function canSendAgain({ guarantee, unresolved }: OrderState, key: string): boolean {
  return guarantee === 'idempotency-key' && unresolved?.kind === 'creates' && unresolved.key === key;
}

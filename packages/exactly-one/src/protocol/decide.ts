import { isPastFence, settlePauseMs } from './fence.ts';
import type { ItemList } from './items.ts';
import { chooseKeeper, liveItems } from './keeper.ts';
import { fenceOfState, type OrderState } from './order-state.ts';
import type { Timings } from './timings.ts';

/** What an order does next. */
export type Decision =
  | { readonly kind: 'wait'; readonly ms: number; readonly why: 'settling' | 'final check' | 'backing off' }
  | { readonly kind: 'void'; readonly itemIds: readonly string[]; readonly keep: string | null }
  | { readonly kind: 'create'; readonly key: string }
  | { readonly kind: 'complete'; readonly itemId: string }
  | { readonly kind: 'close'; readonly as: 'rejected' | 'cancelled' };

/**
 * Decides what an order does next. This is the heart of "exactly one": nothing else in the system decides to create,
 * to void, to complete or to close.
 * @param response a complete response that is already part of `state`
 * @param nowMs epoch milliseconds, by the same clock as `state.notBeforeMs`
 */
export function decide(
  orderId: string,
  state: OrderState,
  response: ItemList,
  timings: Timings,
  nowMs: number,
): Decision {
  const fenceMs = fenceOfState(state, timings);
  const pastFence = isPastFence(response.asOfMs, fenceMs, timings.clockSkewMs);
  const settle: Decision = {
    kind: 'wait',
    ms: settlePauseMs(state.checks, (fenceMs ?? 0) + timings.clockSkewMs - response.asOfMs),
    why: 'settling',
  };
  const live = liveItems(response.items);
  const closing = state.cancelRequested ? 'cancelled' : state.rejection !== undefined ? 'rejected' : undefined;
  const key = idempotencyKey(orderId, state.seen.voidedItemIds);

  // Repeating a create with a key that the service honours cannot make a second item, so it need not settle first.
  const mayRepeatCreate = closing === undefined && live.length === 0 && isSafeToRepeat(state, key);
  if (state.unresolvedCreates !== undefined && !mayRepeatCreate) return settle;
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
    const finalCheckMs = needsLateWatch(state) ? timings.lateWatchMs[state.finalChecks] : undefined;
    return finalCheckMs === undefined
      ? { kind: 'close', as: closing }
      : { kind: 'wait', ms: finalCheckMs, why: 'final check' };
  }
  if (nowMs < state.notBeforeMs) return { kind: 'wait', ms: state.notBeforeMs - nowMs, why: 'backing off' };
  return { kind: 'create', key };
}

/** Whether a create may still commit after the fence, as it can only at a service with guarantee `none`. */
export function needsLateWatch(state: OrderState): boolean {
  return state.guarantee === 'none' && (state.resumed || state.stayedUnknown);
}

/**
 * The idempotency key of an order's next create. It is the same for all attempts, so that the service recognizes a
 * repetition. It changes only when an item is voided, because the old key would return the voided item.
 */
export function idempotencyKey(orderId: string, voidedItemIds: readonly string[]): string {
  return `${orderId}/${new Set(voidedItemIds).size}`;
}

/**
 * Whether all unresolved creates have this key and the service honours it. One that the service has accepted is waited
 * for: a repetition would only be accepted again.
 */
function isSafeToRepeat({ guarantee, unresolvedCreates }: OrderState, key: string): boolean {
  if (unresolvedCreates?.kind !== 'this run' || unresolvedCreates.accepted === true) return false;
  return guarantee === 'idempotency-key' && unresolvedCreates.key === key;
}

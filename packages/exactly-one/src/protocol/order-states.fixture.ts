import type { CreateOutcome } from './create-outcome.ts';
import type { Guarantee } from './guarantee.ts';
import type { Item, ItemList } from './items.ts';
import {
  initialState,
  type OrderState,
  withCreateSent,
  withGuarantee,
  withOutcome,
  withResponse,
} from './order-state.ts';
import type { Timings } from './timings.ts';

// The states of one order, for unit tests of the protocol.

export const ORDER_ID = 'order-1';
export const KEY = 'order-1/0';

export const TIMINGS: Timings = {
  createDeadlineMs: 1_000,
  clockSkewMs: 100,
  settleMs: 2_000,
  lateWatchMs: [3_000, 7_000],
};

/** When runs start and creates are scheduled. */
export const START_MS = 10_000;
/** The deadline of creates that are scheduled at the start. */
export const DEADLINE_MS = 11_000;
/** The last `asOf` that is not past the fence of those creates. */
export const LAST_SETTLING_MS = { none: 13_100, deadline: 11_100, 'idempotency-key': 11_100 } as const;

export const UNKNOWN = { kind: 'unknown', reason: 'no complete response' } as const;
export const NOT_SENT = { kind: 'not sent', reason: 'never connected' } as const;
export const REJECTED = { kind: 'rejected', code: 'PAYMENT_DECLINED', reason: 'the response was 422' } as const;
export const ACCEPTED = { kind: 'accepted', reference: 'operation-1', reason: 'the response was 202' } as const;
export const committed = (itemId: string): CreateOutcome => ({ kind: 'committed', itemId });

export function item(itemId: string, createdAtMs = 0): Item {
  return { itemId, createdAtMs, voided: false };
}

export function voided(itemId: string, createdAtMs = 0): Item {
  return { itemId, createdAtMs, voided: true };
}

export function listAsOf(asOfMs: number, ...items: readonly Item[]): ItemList {
  return { asOfMs, items };
}

export function firstRun(guarantee: Guarantee): OrderState {
  return initialState({ guarantee, resumed: false, startedAtMs: START_MS, timings: TIMINGS });
}

export function resumedRun(guarantee: Guarantee): OrderState {
  return initialState({ guarantee, resumed: true, startedAtMs: START_MS, timings: TIMINGS });
}

/** The state after a check with this result. */
export function afterCheck(before: OrderState, asOfMs: number, ...items: readonly Item[]): OrderState {
  return withResponse(before, listAsOf(asOfMs, ...items), TIMINGS);
}

/** The state after creates with these outcomes, all with the same deadline and key. */
export function afterCreates(before: OrderState, ...outcomes: readonly CreateOutcome[]): OrderState {
  return outcomes.reduce(
    (state, outcome) => withOutcome(withCreateSent(state, DEADLINE_MS, KEY), outcome, state),
    before,
  );
}

/** The state after a 201 whose item was not listed, and after reading the guarantee again, which has not changed. */
export function afterUnlistedClaim(before: OrderState, itemId: string): OrderState {
  const claimed = afterCreates(before, committed(itemId));
  return withGuarantee(afterCheck(claimed, START_MS), before.guarantee);
}

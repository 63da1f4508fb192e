import type { CreateOutcome } from './classify-outcome.ts';
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

/** Moments in the life of one order, as unit tests of the protocol look at it. */
export const ORDER_ID = 'order-1';
export const KEY = 'order-1/0';

export const TIMINGS: Timings = {
  createDeadlineMs: 1_000,
  clockSkewMs: 100,
  settleMs: 2_000,
  lateWatchMs: [3_000, 7_000],
};

/** When runs start and creates are scheduled, the deadline of those creates, and the last moment that is not past it. */
export const START_MS = 10_000;
export const DEADLINE_MS = 11_000;
export const LAST_IN_DOUBT_MS = { none: 13_100, deadline: 11_100, 'idempotency-key': 11_100 } as const;

export const UNKNOWN = { kind: 'unknown', reason: 'no complete response' } as const;
export const NOT_SENT = { kind: 'not sent', reason: 'never connected' } as const;
export const REJECTED = { kind: 'rejected', code: 'PAYMENT_DECLINED', reason: 'answered 422' } as const;
export const committed = (itemId: string): CreateOutcome => ({ kind: 'committed', itemId });

export function item(itemId: string, createdAtMs = 0): Item {
  return { itemId, createdAtMs, voided: false };
}

export function voided(itemId: string, createdAtMs = 0): Item {
  return { itemId, createdAtMs, voided: true };
}

export function answerAsOf(asOfMs: number, ...items: readonly Item[]): ItemList {
  return { asOfMs, items };
}

export function firstRun(guarantee: Guarantee): OrderState {
  return initialState({ guarantee, resumed: false, startedAtMs: START_MS, timings: TIMINGS });
}

export function resumedRun(guarantee: Guarantee): OrderState {
  return initialState({ guarantee, resumed: true, startedAtMs: START_MS, timings: TIMINGS });
}

/** The state after creates with these outcomes, all with one deadline and one key. */
export function afterCreates(before: OrderState, ...outcomes: readonly CreateOutcome[]): OrderState {
  return outcomes.reduce(
    (state, outcome) => withOutcome(withCreateSent(state, DEADLINE_MS, KEY), outcome, state),
    before,
  );
}

/** The state when an answer has lacked the item that a 201 named, and the guarantee was read again: as it was. */
export function afterUnlistedClaim(before: OrderState, itemId: string): OrderState {
  const claimed = afterCreates(before, committed(itemId));
  return withGuarantee(withResponse(claimed, answerAsOf(START_MS), TIMINGS), before.guarantee);
}

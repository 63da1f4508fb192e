import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decide, idempotencyKey, needsLateWatch } from './decide.ts';
import { GUARANTEES } from './guarantee.ts';
import type { Item } from './items.ts';
import { type OrderState, withCreateSent, withGuarantee } from './order-state.ts';
import {
  afterCheck,
  afterCreates,
  afterUnlistedClaim,
  committed,
  DEADLINE_MS,
  firstRun,
  item,
  KEY,
  LAST_SETTLING_MS,
  listAsOf,
  NOT_SENT,
  ORDER_ID,
  resumedRun,
  START_MS,
  TIMINGS,
  UNKNOWN,
  voided,
} from './order-states.fixture.ts';

const EARLY_MS = 10_500;

/** What an order does after a check with this result. */
function next(state: OrderState, asOfMs: number, ...items: readonly Item[]) {
  const checked = afterCheck(state, asOfMs, ...items);
  return decide(ORDER_ID, checked, listAsOf(asOfMs, ...items), TIMINGS, asOfMs);
}

describe.each(GUARANTEES)('an order with guarantee %s', (guarantee) => {
  it('creates when no item exists and no create was sent', () => {
    expect(next(firstRun(guarantee), START_MS)).toEqual({ kind: 'create', key: KEY });
  });

  it('completes with the one item that exists', () => {
    expect(next(firstRun(guarantee), START_MS, item('A'))).toEqual({ kind: 'complete', itemId: 'A' });
    expect(next(firstRun(guarantee), START_MS, voided('B'), item('A'))).toMatchObject({ itemId: 'A' });
  });

  it('voids all surplus items, only live ones, and keeps the first', () => {
    const items = [item('C', 3), item('A', 2), voided('D', 0), item('B', 1)];
    expect(next(firstRun(guarantee), START_MS, ...items)).toEqual({ kind: 'void', itemIds: ['C', 'A'], keep: 'B' });
  });

  it('creates with a new key when all its items are voided', () => {
    const decision = next(firstRun(guarantee), START_MS, voided('A'), voided('B'));
    expect(decision).toEqual({ kind: 'create', key: 'order-1/2' });
  });

  it('derives the key from all voids ever seen, not from the last response', () => {
    const seen = afterCheck(firstRun(guarantee), 1, voided('A'));
    expect(next(seen, START_MS)).toEqual({ kind: 'create', key: 'order-1/1' });
  });

  it('completes as soon as the item of its single unresolved create exists', () => {
    expect(next(afterCreates(firstRun(guarantee), UNKNOWN), EARLY_MS, item('A'))).toMatchObject({ kind: 'complete' });
    expect(next(afterCreates(firstRun(guarantee), committed('A')), EARLY_MS, item('A'))).toMatchObject({
      kind: 'complete',
    });
  });

  it('settles after a resumption before it trusts any response', () => {
    const fenceMs = guarantee === 'none' ? 13_100 : 11_100;
    for (const items of [[], [item('A')], [item('A'), item('B')]]) {
      expect(next(resumedRun(guarantee), fenceMs + 100, ...items)).toMatchObject({ kind: 'wait', why: 'settling' });
    }
    expect(next(resumedRun(guarantee), fenceMs + 101)).toMatchObject({ kind: 'create' });
    expect(next(resumedRun(guarantee), fenceMs + 101, item('A'))).toMatchObject({ kind: 'complete' });
  });

  it('backs off before the next create, to the millisecond, but not before it completes with an item', () => {
    const backingOff = { ...afterCreates(firstRun(guarantee), NOT_SENT), notBeforeMs: START_MS + 400 };
    expect(next(backingOff, START_MS)).toEqual({ kind: 'wait', ms: 400, why: 'backing off' });
    expect(next(backingOff, START_MS + 399)).toEqual({ kind: 'wait', ms: 1, why: 'backing off' });
    expect(next(backingOff, START_MS + 400)).toMatchObject({ kind: 'create' });
    expect(next(backingOff, START_MS, item('A'))).toMatchObject({ kind: 'complete' });
  });
});

describe.each(['none', 'deadline'] as const)('an unresolved create with guarantee %s', (guarantee) => {
  it.each([
    ['unknown', afterCreates(firstRun(guarantee), UNKNOWN)],
    ['committed, but not listed', afterUnlistedClaim(firstRun(guarantee), 'A')],
  ])('that was %s makes the order settle, and create again only past the fence', (_, unresolved) => {
    const lastMs = LAST_SETTLING_MS[guarantee];
    expect(next(unresolved, lastMs)).toEqual({ kind: 'wait', ms: 1, why: 'settling' });
    expect(next(unresolved, lastMs + 1)).toEqual({ kind: 'create', key: KEY });
  });

  it('with a 201 does not let the order complete with another item before the fence', () => {
    const unresolved = afterUnlistedClaim(firstRun(guarantee), 'A');
    expect(next(unresolved, EARLY_MS, item('B'))).toMatchObject({ kind: 'wait', why: 'settling' });
    expect(next(unresolved, LAST_SETTLING_MS[guarantee] + 1, item('B'))).toMatchObject({ itemId: 'B' });
  });

  it('is checked less often each time, but right after the fence', () => {
    const unresolved = afterCreates(firstRun(guarantee), UNKNOWN);
    const lastMs = LAST_SETTLING_MS[guarantee];
    const pauses = [0, 1].map((checks) => next({ ...unresolved, checks }, lastMs - 1_000));
    expect(pauses).toEqual([250, 500].map((ms) => ({ kind: 'wait', ms, why: 'settling' })));
    expect(next({ ...unresolved, checks: 9 }, lastMs - 80)).toMatchObject({ ms: 81 });
  });
});

describe('an unresolved create with guarantee idempotency-key', () => {
  const unresolved = afterCreates(firstRun('idempotency-key'), UNKNOWN);

  it('is repeated without settling, after a back-off', () => {
    expect(next(unresolved, EARLY_MS)).toEqual({ kind: 'create', key: KEY });
    expect(next({ ...unresolved, notBeforeMs: EARLY_MS + 5 }, EARLY_MS)).toMatchObject({ why: 'backing off' });
  });

  it('with a 201 does not let the order complete with another item before the fence', () => {
    const claimed = afterUnlistedClaim(firstRun('idempotency-key'), 'A');
    expect(next(claimed, EARLY_MS, item('B'))).toMatchObject({ kind: 'wait', why: 'settling' });
    expect(next(claimed, EARLY_MS)).toMatchObject({ kind: 'create', key: KEY });
  });

  it('makes the order settle when the next key differs, or when there are creates with several keys', () => {
    const lastMs = LAST_SETTLING_MS['idempotency-key'];
    expect(next(unresolved, lastMs, voided('A'))).toMatchObject({ kind: 'wait', why: 'settling' });
    expect(next(unresolved, lastMs + 1, voided('A'))).toEqual({ kind: 'create', key: 'order-1/1' });
    const severalKeys = withCreateSent(unresolved, DEADLINE_MS, 'order-1/1');
    expect(next(severalKeys, lastMs, voided('A'))).toMatchObject({ kind: 'wait', why: 'settling' });
  });

  it.each(['none', 'deadline'] as const)('makes the order settle once the guarantee has weakened to %s', (weaker) => {
    const weakened = withGuarantee(unresolved, weaker);
    expect(next(weakened, LAST_SETTLING_MS[weaker])).toMatchObject({ kind: 'wait', why: 'settling' });
    expect(next(weakened, LAST_SETTLING_MS[weaker] + 1)).toEqual({ kind: 'create', key: KEY });
  });
});

describe('a late watch', () => {
  it('is needed only with guarantee none, after a resumption or an outcome that stayed unknown', () => {
    const unknown = (state: OrderState): OrderState => ({ ...state, stayedUnknown: true });
    expect(needsLateWatch(resumedRun('none'))).toBe(true);
    expect(needsLateWatch(unknown(firstRun('none')))).toBe(true);
    expect(needsLateWatch(firstRun('none'))).toBe(false);
    for (const guarantee of ['deadline', 'idempotency-key'] as const) {
      expect(needsLateWatch(unknown(resumedRun(guarantee)))).toBe(false);
    }
  });
});

describe('an idempotency key', () => {
  const itemId = fc.constantFrom('A', 'B', 'C', 'D', 'E');
  const itemIds = fc.array(itemId, { maxLength: 12 });

  it('is the order id and the number of voided items', () => {
    expect(idempotencyKey('order-1', [])).toBe('order-1/0');
    expect(idempotencyKey('order-1', ['A', 'B'])).toBe('order-1/2');
  });

  it('differs between orders', () => {
    expect(idempotencyKey('order-1', [])).not.toBe(idempotencyKey('order-2', []));
  });

  it('counts a voided item once, however often and in whatever order it is listed', () => {
    expect(idempotencyKey('order-1', ['A', 'A', 'B', 'A'])).toBe(idempotencyKey('order-1', ['B', 'A']));
  });

  it('never decreases as voids are added, and changes exactly with a new one', () => {
    const number = (voidedItemIds: readonly string[]) => Number(idempotencyKey('order-1', voidedItemIds).split('/')[1]);
    fc.assert(
      fc.property(itemIds, itemId, (voidedItemIds, added) => {
        const change = number([...voidedItemIds, added]) - number(voidedItemIds);
        expect(change).toBe(voidedItemIds.includes(added) ? 0 : 1);
      }),
      { seed: 112_358 },
    );
  });
});

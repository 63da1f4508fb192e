import { describe, expect, it } from '@jest/globals';
import { decide, needsLateWatch } from './decide.ts';
import { GUARANTEES } from './guarantee.ts';
import type { Item } from './items.ts';
import {
  afterCreates,
  afterUnlistedClaim,
  answerAsOf,
  committed,
  DEADLINE_MS,
  firstRun,
  item,
  KEY,
  LAST_IN_DOUBT_MS,
  NOT_SENT,
  ORDER_ID,
  resumedRun,
  START_MS,
  TIMINGS,
  UNKNOWN,
  voided,
} from './moments.fixture.ts';
import { type OrderState, withCreateSent, withGuarantee, withResponse } from './order-state.ts';

const EARLY_MS = 10_500;

/** What an order does after this answer, as the loop asks it. */
function next(state: OrderState, asOfMs: number, ...items: readonly Item[]) {
  const answer = answerAsOf(asOfMs, ...items);
  return decide(ORDER_ID, withResponse(state, answer, TIMINGS), answer, TIMINGS, asOfMs);
}

describe.each(GUARANTEES)('an order with guarantee %s', (guarantee) => {
  it('creates when there is no item and nothing was sent', () => {
    expect(next(firstRun(guarantee), START_MS)).toEqual({ kind: 'create', key: KEY });
  });

  it('completes with the one item that is there', () => {
    expect(next(firstRun(guarantee), START_MS, item('A'))).toEqual({ kind: 'complete', itemId: 'A' });
    expect(next(firstRun(guarantee), START_MS, voided('B'), item('A'))).toMatchObject({ itemId: 'A' });
  });

  it('voids all surplus items, live ones only, and names the first as keeper', () => {
    const items = [item('C', 3), item('A', 2), voided('D', 0), item('B', 1)];
    expect(next(firstRun(guarantee), START_MS, ...items)).toEqual({ kind: 'void', itemIds: ['C', 'A'], keep: 'B' });
  });

  it('creates with a new key when all its items are voided', () => {
    const decision = next(firstRun(guarantee), START_MS, voided('A'), voided('B'));
    expect(decision).toEqual({ kind: 'create', key: 'order-1/2' });
  });

  it('takes the key from all voids ever seen, not from the last answer', () => {
    const seen = withResponse(firstRun(guarantee), answerAsOf(1, voided('A')), TIMINGS);
    expect(next(seen, START_MS)).toEqual({ kind: 'create', key: 'order-1/1' });
  });

  it('completes as soon as the item of its single create in unresolved is there', () => {
    expect(next(afterCreates(firstRun(guarantee), UNKNOWN), EARLY_MS, item('A'))).toMatchObject({ kind: 'complete' });
    expect(next(afterCreates(firstRun(guarantee), committed('A')), EARLY_MS, item('A'))).toMatchObject({
      kind: 'complete',
    });
  });

  it('settles after a resumption before it believes anything', () => {
    const fenceMs = guarantee === 'none' ? 13_100 : 11_100;
    for (const items of [[], [item('A')], [item('A'), item('B')]]) {
      expect(next(resumedRun(guarantee), fenceMs + 100, ...items)).toMatchObject({ kind: 'wait', why: 'settling' });
    }
    expect(next(resumedRun(guarantee), fenceMs + 101)).toMatchObject({ kind: 'create' });
    expect(next(resumedRun(guarantee), fenceMs + 101, item('A'))).toMatchObject({ kind: 'complete' });
  });

  it('backs off before the next create, to the millisecond, but not before it checks at an item', () => {
    const backingOff = { ...afterCreates(firstRun(guarantee), NOT_SENT), notBeforeMs: START_MS + 400 };
    expect(next(backingOff, START_MS)).toEqual({ kind: 'wait', ms: 400, why: 'backing off' });
    expect(next(backingOff, START_MS + 399)).toEqual({ kind: 'wait', ms: 1, why: 'backing off' });
    expect(next(backingOff, START_MS + 400)).toMatchObject({ kind: 'create' });
    expect(next(backingOff, START_MS, item('A'))).toMatchObject({ kind: 'complete' });
  });
});

describe('an order in unresolved with a key that the service honours', () => {
  it('does not complete with another item than the one that a 201 named, before the fence', () => {
    const inDoubt = afterUnlistedClaim(firstRun('idempotency-key'), 'A');
    expect(next(inDoubt, EARLY_MS, item('B'))).toMatchObject({ kind: 'wait', why: 'settling' });
    expect(next(inDoubt, EARLY_MS)).toMatchObject({ kind: 'create', key: KEY });
  });
});

describe.each(['none', 'deadline'] as const)('an order in unresolved with guarantee %s', (guarantee) => {
  it.each([
    ['unknown', afterCreates(firstRun(guarantee), UNKNOWN)],
    ['committed without its item', afterUnlistedClaim(firstRun(guarantee), 'A')],
  ])('settles up to the fence after a create that was %s, and creates again past it only', (_, inDoubt) => {
    const lastMs = LAST_IN_DOUBT_MS[guarantee];
    expect(next(inDoubt, lastMs)).toEqual({ kind: 'wait', ms: 1, why: 'settling' });
    expect(next(inDoubt, lastMs + 1)).toEqual({ kind: 'create', key: KEY });
  });

  it('does not complete with another item than the one that a 201 named, before the fence', () => {
    const inDoubt = afterUnlistedClaim(firstRun(guarantee), 'A');
    expect(next(inDoubt, EARLY_MS, item('B'))).toMatchObject({ kind: 'wait', why: 'settling' });
    expect(next(inDoubt, LAST_IN_DOUBT_MS[guarantee] + 1, item('B'))).toMatchObject({ itemId: 'B' });
  });

  it('checks ever more rarely while it settles, but right past the fence', () => {
    const inDoubt = afterCreates(firstRun(guarantee), UNKNOWN);
    const lastMs = LAST_IN_DOUBT_MS[guarantee];
    const pauses = [0, 1].map((checks) => next({ ...inDoubt, checks }, lastMs - 1_000));
    expect(pauses).toEqual([250, 500].map((ms) => ({ kind: 'wait', ms, why: 'settling' })));
    expect(next({ ...inDoubt, checks: 9 }, lastMs - 80)).toMatchObject({ ms: 81 });
  });
});

describe('an order in unresolved with guarantee idempotency-key', () => {
  const inDoubt = afterCreates(firstRun('idempotency-key'), UNKNOWN);

  it('sends the same create again without settling, after its back-off', () => {
    expect(next(inDoubt, EARLY_MS)).toEqual({ kind: 'create', key: KEY });
    expect(next({ ...inDoubt, notBeforeMs: EARLY_MS + 5 }, EARLY_MS)).toMatchObject({ why: 'backing off' });
  });

  it('settles when its next key would be another one, and when it sent several', () => {
    const lastMs = LAST_IN_DOUBT_MS['idempotency-key'];
    expect(next(inDoubt, lastMs, voided('A'))).toMatchObject({ kind: 'wait', why: 'settling' });
    expect(next(inDoubt, lastMs + 1, voided('A'))).toEqual({ kind: 'create', key: 'order-1/1' });
    const severalKeys = withCreateSent(inDoubt, DEADLINE_MS, 'order-1/1');
    expect(next(severalKeys, lastMs, voided('A'))).toMatchObject({ kind: 'wait', why: 'settling' });
  });

  it.each(['none', 'deadline'] as const)('settles once the guarantee has weakened to %s', (weaker) => {
    const weakened = withGuarantee(inDoubt, weaker);
    expect(next(weakened, LAST_IN_DOUBT_MS[weaker])).toMatchObject({ kind: 'wait', why: 'settling' });
    expect(next(weakened, LAST_IN_DOUBT_MS[weaker] + 1)).toEqual({ kind: 'create', key: KEY });
  });
});

describe('a late watch', () => {
  it('is needed with guarantee none only, after a resumption or an outcome that stayed unknown', () => {
    const unknown = (state: OrderState): OrderState => ({ ...state, stayedUnknown: true });
    expect(needsLateWatch(resumedRun('none'))).toBe(true);
    expect(needsLateWatch(unknown(firstRun('none')))).toBe(true);
    expect(needsLateWatch(firstRun('none'))).toBe(false);
    for (const guarantee of ['deadline', 'idempotency-key'] as const) {
      expect(needsLateWatch(unknown(resumedRun(guarantee)))).toBe(false);
    }
  });
});

import { describe, expect, it } from '@jest/globals';
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
  LAST_IN_DOUBT_MS,
  REJECTED,
  START_MS,
  TIMINGS,
  UNKNOWN,
  voided,
} from './moments.fixture.ts';
import { type OrderState, withCreateSent, withGuarantee, withResponse } from './order-state.ts';

const EARLY_MS = 10_500;
const look = (state: OrderState, asOfMs: number, ...items: readonly Item[]) =>
  withResponse(state, answerAsOf(asOfMs, ...items), TIMINGS);
const isSettled = (state: OrderState) => state.unresolved === undefined;

describe.each(GUARANTEES)('unresolved about a single create, with guarantee %s,', (guarantee) => {
  const inDoubt = afterCreates(firstRun(guarantee), UNKNOWN);

  it('ends by a live item at once, which is its item', () => {
    const settled = look(inDoubt, EARLY_MS, item('A'));
    expect(isSettled(settled)).toBe(true);
    expect(settled).toMatchObject({ stayedUnknown: false, absenceProven: false });
  });

  it('does not end by a voided item', () => {
    expect(isSettled(look(inDoubt, EARLY_MS, voided('A')))).toBe(false);
  });

  it('ends by absence past the fence only, to the millisecond, and stayed unknown then', () => {
    const lastMs = LAST_IN_DOUBT_MS[guarantee];
    expect(look(inDoubt, lastMs)).toMatchObject({
      unresolved: inDoubt.unresolved,
      absenceProven: false,
      stayedUnknown: false,
    });
    const settled = look(inDoubt, lastMs + 1);
    expect(isSettled(settled)).toBe(true);
    expect(settled).toMatchObject({ absenceProven: true, stayedUnknown: true });
  });

  it('once it stayed unknown is remembered over later creates and answers', () => {
    const unknown = look(inDoubt, LAST_IN_DOUBT_MS[guarantee] + 1);
    const later = look(afterCreates(unknown, committed('B')), EARLY_MS, item('B'));
    expect(later).toMatchObject({ stayedUnknown: true, absenceProven: true });
  });

  it('that a 201 named ends by that item, live or voided, and not by another one', () => {
    const claimed = afterCreates(firstRun(guarantee), committed('A'));
    expect(isSettled(look(claimed, EARLY_MS, item('A')))).toBe(true);
    expect(isSettled(look(claimed, EARLY_MS, voided('A'), item('B')))).toBe(true);
    expect(isSettled(look(claimed, EARLY_MS))).toBe(false);
    expect(isSettled(look(claimed, EARLY_MS, item('B')))).toBe(false);
  });

  it('whose named item is not listed past the fence stayed unknown, although another item is there', () => {
    const claimed = afterUnlistedClaim(firstRun(guarantee), 'A');
    const settled = look(claimed, LAST_IN_DOUBT_MS[guarantee] + 1, item('B'));
    expect(isSettled(settled)).toBe(true);
    expect(settled).toMatchObject({ stayedUnknown: true, absenceProven: false });
  });

  it('that was rejected does not stay unknown: past the fence it is known that it made nothing', () => {
    const rejected = afterCreates(firstRun(guarantee), REJECTED);
    expect(isSettled(look(rejected, LAST_IN_DOUBT_MS[guarantee]))).toBe(false);
    const settled = look(rejected, LAST_IN_DOUBT_MS[guarantee] + 1);
    expect(isSettled(settled)).toBe(true);
    expect(settled).toMatchObject({ stayedUnknown: false, absenceProven: true });
  });
});

it.each(['none', 'deadline'] as const)(
  'a 201 that names an item seen before the send settles nothing, with guarantee %s',
  (guarantee) => {
    const before = look(firstRun(guarantee), START_MS, voided('A'));
    const claimed = afterCreates(before, committed('A'));
    expect(claimed.mustRereadGuarantee).toBe(true);
    expect(isSettled(look(claimed, EARLY_MS, voided('A')))).toBe(false);
    expect(isSettled(look(claimed, EARLY_MS, voided('A'), item('B')))).toBe(true);
  },
);

it('a rejection puts the guarantee in question: how long it is doubted depends on it', () => {
  expect(afterCreates(firstRun('deadline'), REJECTED).mustRereadGuarantee).toBe(true);
});

it('a 201 whose item is not listed puts the guarantee in question, once', () => {
  const claimed = afterCreates(firstRun('deadline'), committed('A'));
  expect(look(claimed, EARLY_MS, item('A')).mustRereadGuarantee).toBe(false);
  const lacking = look(claimed, LAST_IN_DOUBT_MS.deadline + 1, item('B'));
  expect([lacking.mustRereadGuarantee, isSettled(lacking)]).toEqual([true, false]);
  expect(look(withGuarantee(lacking, 'none'), EARLY_MS).mustRereadGuarantee).toBe(false);
});

describe('unresolved about several creates', () => {
  const several = (guarantee: OrderState['guarantee']) => afterCreates(firstRun(guarantee), UNKNOWN, UNKNOWN);

  it('with one key that the service honours ends by an item, for they can only share one', () => {
    expect(isSettled(look(several('idempotency-key'), EARLY_MS, item('A')))).toBe(true);
  });

  it('with one key does not end by an item once the guarantee has weakened', () => {
    for (const weaker of ['none', 'deadline'] as const) {
      const weakened = withGuarantee(several('idempotency-key'), weaker);
      expect(isSettled(look(weakened, EARLY_MS, item('A')))).toBe(false);
      expect(look(weakened, LAST_IN_DOUBT_MS[weaker] + 1, item('A'))).toMatchObject({ stayedUnknown: true });
    }
  });

  it('with several keys does not end by an item, for each key can make one', () => {
    const otherKey = withCreateSent(several('idempotency-key'), DEADLINE_MS, 'order-1/1');
    expect(isSettled(look(otherKey, EARLY_MS, item('A')))).toBe(false);
    expect(isSettled(look(otherKey, LAST_IN_DOUBT_MS['idempotency-key'] + 1, item('A')))).toBe(true);
  });

  it('of which the last was rejected stayed unknown, for the others were not', () => {
    const rejected = afterCreates(firstRun('idempotency-key'), UNKNOWN, REJECTED);
    expect(look(rejected, LAST_IN_DOUBT_MS['idempotency-key'] + 1)).toMatchObject({ stayedUnknown: true });
  });

  it('remembers the item that a 201 named while others are sent', () => {
    const claimed = afterCreates(firstRun('idempotency-key'), committed('A'), UNKNOWN);
    expect(isSettled(look(claimed, EARLY_MS, item('B')))).toBe(false);
    expect(isSettled(look(claimed, EARLY_MS, item('A')))).toBe(true);
  });
});

describe('absence', () => {
  it('is not proven by an answer that shows a live item, and is by one that shows voided ones only', () => {
    expect(look(firstRun('none'), EARLY_MS, item('A'))).toMatchObject({ absenceProven: false });
    expect(look(firstRun('none'), EARLY_MS, voided('A'))).toMatchObject({ absenceProven: true });
  });

  it('once proven stays proven, although an item appears', () => {
    expect(look(look(firstRun('none'), 1), 2, item('A'))).toMatchObject({ absenceProven: true });
  });
});

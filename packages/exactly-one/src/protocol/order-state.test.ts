import { describe, expect, it } from '@jest/globals';
import { fenceOfState, type OrderState, withCreateSent, withGuarantee, withOutcome } from './order-state.ts';
import {
  ACCEPTED,
  afterCheck,
  afterCreates,
  committed,
  DEADLINE_MS,
  firstRun,
  item,
  KEY,
  LAST_SETTLING_MS,
  NOT_SENT,
  REJECTED,
  resumedRun,
  START_MS,
  TIMINGS,
  UNKNOWN,
  voided,
} from './order-states.fixture.ts';

const isResolved = (state: OrderState) => state.unresolvedCreates === undefined;

describe('a first run', () => {
  it('begins without unresolved creates and without a fence, so its first response counts', () => {
    const first = firstRun('none');
    expect(isResolved(first)).toBe(true);
    expect(fenceOfState(first, TIMINGS)).toBeUndefined();
    expect(afterCheck(first, START_MS)).toMatchObject({ absenceProven: true, stayedUnknown: false });
  });
});

describe('a resumed run', () => {
  it.each([
    ['none', 13_100],
    ['deadline', 11_100],
    ['idempotency-key', 11_100],
  ] as const)(
    'with guarantee %s has its fence one create deadline and the clock skew after its start: %d',
    (guarantee, fenceMs) => {
      expect(fenceOfState(resumedRun(guarantee), TIMINGS)).toBe(fenceMs);
      expect(afterCheck(resumedRun(guarantee), fenceMs + 100)).toMatchObject({ absenceProven: false });
      expect(isResolved(afterCheck(resumedRun(guarantee), fenceMs + 100))).toBe(false);
      expect(afterCheck(resumedRun(guarantee), fenceMs + 101)).toMatchObject({ absenceProven: true });
      expect(isResolved(afterCheck(resumedRun(guarantee), fenceMs + 101))).toBe(true);
    },
  );

  it('trusts presence no more than absence before its fence', () => {
    expect(isResolved(afterCheck(resumedRun('idempotency-key'), 11_200, item('A')))).toBe(false);
    expect(isResolved(afterCheck(resumedRun('idempotency-key'), 11_201, item('A')))).toBe(true);
  });
});

describe('a create that was sent', () => {
  it('is unresolved before its outcome is known, with the deadline that its worker was given', () => {
    const sent = withCreateSent({ ...firstRun('deadline'), checks: 7 }, DEADLINE_MS, KEY);
    expect(sent).toMatchObject({ createAttempts: 1, lastDeadlineMs: DEADLINE_MS, checks: 0 });
    expect(sent.unresolvedCreates).toEqual({ kind: 'this run', count: 1, key: KEY });
  });

  it('never moves the fence to an earlier time', () => {
    const two = withCreateSent(withCreateSent(firstRun('deadline'), 12_000, KEY), 11_000, KEY);
    expect(fenceOfState(two, TIMINGS)).toBe(12_000);
    expect(fenceOfState(withCreateSent(two, 13_000, KEY), TIMINGS)).toBe(13_000);
  });

  it('is remembered with its key as long as all unresolved creates share it', () => {
    const one = withCreateSent(firstRun('idempotency-key'), DEADLINE_MS, KEY);
    const same = withCreateSent(one, DEADLINE_MS, KEY);
    expect(same.unresolvedCreates).toEqual({ kind: 'this run', count: 2, key: KEY });
    const other = withCreateSent(same, DEADLINE_MS, 'order-1/1');
    expect(other.unresolvedCreates).toEqual({ kind: 'this run', count: 3, key: undefined });
    const another = withCreateSent(other, DEADLINE_MS, 'order-1/1');
    expect(another.unresolvedCreates).toMatchObject({ count: 4, key: undefined });
  });

  it('is the only unresolved one once the earlier ones are resolved', () => {
    const resolved = afterCheck(afterCreates(firstRun('deadline'), UNKNOWN), 11_101);
    expect(afterCreates(resolved, UNKNOWN).unresolvedCreates).toEqual({ kind: 'this run', count: 1, key: KEY });
  });
});

describe('the outcome of a create', () => {
  it('not sent changes nothing but the count of attempts', () => {
    const before = firstRun('deadline');
    expect(afterCreates(before, NOT_SENT)).toEqual({ ...before, createAttempts: 1 });
  });

  it('not sent leaves earlier unresolved creates as they were', () => {
    const before = afterCreates(firstRun('idempotency-key'), UNKNOWN);
    const after = withOutcome(withCreateSent(before, 99_000, KEY), NOT_SENT, before);
    expect(after).toEqual({ ...before, createAttempts: 2 });
  });

  it('unknown requires reading the guarantee again, and leaves the create unresolved', () => {
    const state = afterCreates(firstRun('deadline'), UNKNOWN);
    expect(state).toMatchObject({
      mustRereadGuarantee: true,
      unresolvedCreates: { kind: 'this run', count: 1 },
    });
  });

  it('accepted requires reading the guarantee again, and leaves the create unresolved until its item is listed', () => {
    const state = afterCreates(firstRun('deadline'), ACCEPTED);
    expect(state).toMatchObject({ mustRereadGuarantee: true, unresolvedCreates: { count: 1, accepted: true } });
    expect(isResolved(afterCheck(state, START_MS))).toBe(false);
    expect(isResolved(afterCheck(state, START_MS, item('A')))).toBe(true);
  });

  it('accepted with a later time than the bound moves the fence, and an earlier time does not move it back', () => {
    const state = afterCreates(
      firstRun('deadline'),
      { ...ACCEPTED, readyAtMs: DEADLINE_MS + 5_000 },
      { ...ACCEPTED, readyAtMs: START_MS },
    );
    expect(fenceOfState(state, TIMINGS)).toBe(DEADLINE_MS + 5_000);
    expect(fenceOfState(state, { ...TIMINGS, acceptWithinMs: 6_000 })).toBe(DEADLINE_MS + 6_000);
  });

  it('rejected is remembered with code and reason, and leaves the create unresolved', () => {
    const state = afterCreates(firstRun('deadline'), REJECTED);
    expect(state.rejection).toEqual({ code: 'PAYMENT_DECLINED', reason: 'the response was 422' });
    expect(isResolved(state)).toBe(false);
  });

  it('committed leaves the create unresolved until its item is listed', () => {
    const state = afterCreates(firstRun('deadline'), committed('A'));
    expect(state.unresolvedCreates).toMatchObject({ claimedItemId: 'A' });
  });
});

describe('the guarantee of an order', () => {
  it('is the weakest seen, and need not be read again once it was', () => {
    const unknown = afterCreates(firstRun('deadline'), UNKNOWN);
    expect(withGuarantee(unknown, 'none')).toMatchObject({ guarantee: 'none', mustRereadGuarantee: false });
    expect(withGuarantee(unknown, 'idempotency-key')).toMatchObject({ guarantee: 'deadline' });
  });

  it('once weakened moves the fence of all creates sent', () => {
    const weakened = withGuarantee(afterCreates(firstRun('deadline'), UNKNOWN), 'none');
    expect(isResolved(afterCheck(weakened, LAST_SETTLING_MS.none))).toBe(false);
    expect(isResolved(afterCheck(weakened, LAST_SETTLING_MS.none + 1))).toBe(true);
  });
});

describe('what was seen', () => {
  it('only grows: an item or a void that a response lacks is not forgotten', () => {
    const first = afterCheck(firstRun('none'), 1, item('A'), voided('B'));
    const second = afterCheck(first, 2, voided('A'), item('C'));
    expect(second.seen).toEqual({ itemIds: ['A', 'B', 'C'], voidedItemIds: ['B', 'A'] });
    expect(afterCheck(second, 3).seen).toEqual(second.seen);
  });
});

import { describe, expect, it } from '@jest/globals';
import {
  afterCreates,
  answerAsOf,
  committed,
  DEADLINE_MS,
  firstRun,
  item,
  KEY,
  LAST_IN_DOUBT_MS,
  NOT_SENT,
  REJECTED,
  resumedRun,
  START_MS,
  TIMINGS,
  UNKNOWN,
  voided,
} from './moments.fixture.ts';
import {
  fenceOfState,
  type OrderState,
  withCreateSent,
  withGuarantee,
  withOutcome,
  withResponse,
} from './order-state.ts';

const isInDoubt = (state: OrderState) => state.unresolved !== undefined;
const look = (state: OrderState, asOfMs: number, ...items: Parameters<typeof item>[]) =>
  withResponse(state, answerAsOf(asOfMs, ...items.map((each) => item(...each))), TIMINGS);

describe('a first run', () => {
  it('begins without unresolved and without a fence, so its first answer counts', () => {
    const begun = firstRun('none');
    expect(isInDoubt(begun)).toBe(false);
    expect(fenceOfState(begun, TIMINGS)).toBeUndefined();
    expect(look(begun, START_MS)).toMatchObject({ absenceProven: true, stayedUnknown: false });
  });
});

describe('a resumed run', () => {
  it.each([
    ['none', 13_100],
    ['deadline', 11_100],
    ['idempotency-key', 11_100],
  ] as const)(
    'with guarantee %s has its fence a whole create and the skew after its start: %d',
    (guarantee, fenceMs) => {
      expect(fenceOfState(resumedRun(guarantee), TIMINGS)).toBe(fenceMs);
      expect(look(resumedRun(guarantee), fenceMs + 100)).toMatchObject({ absenceProven: false });
      expect(isInDoubt(look(resumedRun(guarantee), fenceMs + 100))).toBe(true);
      expect(look(resumedRun(guarantee), fenceMs + 101)).toMatchObject({ absenceProven: true });
      expect(isInDoubt(look(resumedRun(guarantee), fenceMs + 101))).toBe(false);
    },
  );

  it('believes presence as little as absence before its fence', () => {
    expect(isInDoubt(look(resumedRun('idempotency-key'), 11_200, ['A']))).toBe(true);
    expect(isInDoubt(look(resumedRun('idempotency-key'), 11_201, ['A']))).toBe(false);
  });
});

describe('a create that was sent', () => {
  it('is in unresolved before anything is heard of it, with the deadline that its worker was given', () => {
    const sent = withCreateSent({ ...firstRun('deadline'), checks: 7 }, DEADLINE_MS, KEY);
    expect(sent).toMatchObject({ createAttempts: 1, lastDeadlineMs: DEADLINE_MS, checks: 0 });
    expect(sent.unresolved).toEqual({ kind: 'creates', sends: 1, key: KEY });
  });

  it('never brings the fence nearer', () => {
    const two = withCreateSent(withCreateSent(firstRun('deadline'), 12_000, KEY), 11_000, KEY);
    expect(fenceOfState(two, TIMINGS)).toBe(12_000);
    expect(fenceOfState(withCreateSent(two, 13_000, KEY), TIMINGS)).toBe(13_000);
  });

  it('is remembered by its key as long as all in unresolved carry the same', () => {
    const one = withCreateSent(firstRun('idempotency-key'), DEADLINE_MS, KEY);
    const same = withCreateSent(one, DEADLINE_MS, KEY);
    expect(same.unresolved).toEqual({ kind: 'creates', sends: 2, key: KEY });
    const other = withCreateSent(same, DEADLINE_MS, 'order-1/1');
    expect(other.unresolved).toEqual({ kind: 'creates', sends: 3, key: undefined });
    expect(withCreateSent(other, DEADLINE_MS, 'order-1/1').unresolved).toMatchObject({ sends: 4, key: undefined });
  });

  it('begins a new unresolved once the earlier one has ended', () => {
    const settled = look(afterCreates(firstRun('deadline'), UNKNOWN), 11_101);
    expect(afterCreates(settled, UNKNOWN).unresolved).toEqual({ kind: 'creates', sends: 1, key: KEY });
  });
});

describe('the outcome of a create', () => {
  it('not sent leaves nothing behind but the count of attempts', () => {
    const before = firstRun('deadline');
    expect(afterCreates(before, NOT_SENT)).toEqual({ ...before, createAttempts: 1 });
  });

  it('not sent leaves earlier creates in unresolved as they were', () => {
    const before = afterCreates(firstRun('idempotency-key'), UNKNOWN);
    const after = withOutcome(withCreateSent(before, 99_000, KEY), NOT_SENT, before);
    expect(after).toEqual({ ...before, createAttempts: 2 });
  });

  it('unknown puts the guarantee in question and leaves the create in unresolved', () => {
    const state = afterCreates(firstRun('deadline'), UNKNOWN);
    expect(state).toMatchObject({ mustRereadGuarantee: true, unresolved: { kind: 'creates', sends: 1 } });
  });

  it('rejected is remembered with code and reason, and leaves the create in unresolved', () => {
    const state = afterCreates(firstRun('deadline'), REJECTED);
    expect(state.rejection).toEqual({ code: 'PAYMENT_DECLINED', reason: 'answered 422' });
    expect(isInDoubt(state)).toBe(true);
  });

  it('committed leaves the create in unresolved until its item is listed', () => {
    expect(afterCreates(firstRun('deadline'), committed('A')).unresolved).toMatchObject({ claimedItemId: 'A' });
  });
});

describe('the guarantee of an order', () => {
  it('is the weakest seen, and no longer in question once it was read again', () => {
    const questioned = afterCreates(firstRun('deadline'), UNKNOWN);
    expect(withGuarantee(questioned, 'none')).toMatchObject({ guarantee: 'none', mustRereadGuarantee: false });
    expect(withGuarantee(questioned, 'idempotency-key')).toMatchObject({ guarantee: 'deadline' });
  });

  it('once weakened moves the fence of all creates sent', () => {
    const weakened = withGuarantee(afterCreates(firstRun('deadline'), UNKNOWN), 'none');
    expect(isInDoubt(look(weakened, LAST_IN_DOUBT_MS.none))).toBe(true);
    expect(isInDoubt(look(weakened, LAST_IN_DOUBT_MS.none + 1))).toBe(false);
  });
});

describe('what was seen', () => {
  it('only grows: an item or a void that an answer lacks is not forgotten', () => {
    const first = withResponse(firstRun('none'), answerAsOf(1, item('A'), voided('B')), TIMINGS);
    const second = withResponse(first, answerAsOf(2, voided('A'), item('C')), TIMINGS);
    expect(second.seen).toEqual({ itemIds: ['A', 'B', 'C'], voidedItemIds: ['B', 'A'] });
    expect(withResponse(second, answerAsOf(3), TIMINGS).seen).toEqual(second.seen);
  });
});

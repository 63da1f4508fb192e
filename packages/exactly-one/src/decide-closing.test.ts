import { describe, expect, it } from '@jest/globals';
import { decide } from './decide.ts';
import { GUARANTEES } from './guarantee.ts';
import type { Item } from './items.ts';
import {
  afterCreates,
  afterUnlistedClaim,
  answerAsOf,
  committed,
  firstRun,
  item,
  LAST_IN_DOUBT_MS,
  ORDER_ID,
  REJECTED,
  resumedRun,
  START_MS,
  TIMINGS,
  UNKNOWN,
  voided,
} from './moments.fixture.ts';
import { type OrderState, withResponse } from './order-state.ts';

const EARLY_MS = 10_500;
const SETTLING = { kind: 'wait', why: 'settling' };
const cancelled = (state: OrderState): OrderState => ({ ...state, cancelRequested: true });
const look = (state: OrderState, asOfMs: number, ...items: readonly Item[]) =>
  withResponse(state, answerAsOf(asOfMs, ...items), TIMINGS);

function next(state: OrderState, asOfMs: number, ...items: readonly Item[]) {
  const answer = answerAsOf(asOfMs, ...items);
  return decide(ORDER_ID, withResponse(state, answer, TIMINGS), answer, TIMINGS, asOfMs);
}

describe.each(GUARANTEES)('a rejected order with guarantee %s', (guarantee) => {
  const rejected = afterCreates(firstRun(guarantee), REJECTED);
  const lastMs = LAST_IN_DOUBT_MS[guarantee];

  it('is closed after it has settled only, never at once', () => {
    expect(next(rejected, EARLY_MS)).toMatchObject(SETTLING);
    expect(next(rejected, lastMs)).toMatchObject(SETTLING);
    expect(next(rejected, lastMs + 1)).toEqual({ kind: 'close', as: 'rejected' });
  });

  it('completes when there is an item all the same', () => {
    expect(next(rejected, EARLY_MS, item('A'))).toEqual({ kind: 'complete', itemId: 'A' });
    expect(next(rejected, lastMs + 1, item('A'))).toEqual({ kind: 'complete', itemId: 'A' });
  });

  it('creates no more, whatever was voided and even after its back-off', () => {
    expect(next(rejected, lastMs + 1, voided('A'))).toEqual({ kind: 'close', as: 'rejected' });
    expect(next({ ...rejected, notBeforeMs: 99_000 }, lastMs + 1)).toEqual({ kind: 'close', as: 'rejected' });
  });

  it('settles after its item was voided by somebody before the fence', () => {
    const found = look(rejected, EARLY_MS, item('A'));
    expect(next(found, lastMs, voided('A'))).toMatchObject(SETTLING);
    expect(next(found, lastMs + 1, voided('A'))).toEqual({ kind: 'close', as: 'rejected' });
  });
});

describe('a rejected order whose earlier send with the same key was answered with an item', () => {
  const rejected = afterCreates(afterUnlistedClaim(firstRun('idempotency-key'), 'A'), REJECTED);

  it('settles while that item is not listed, although another one is there', () => {
    const lastMs = LAST_IN_DOUBT_MS['idempotency-key'];
    expect(next(rejected, lastMs, item('B'))).toMatchObject(SETTLING);
    expect(next(rejected, lastMs + 1, item('B'))).toEqual({ kind: 'complete', itemId: 'B' });
    expect(next(rejected, EARLY_MS, item('A'))).toEqual({ kind: 'complete', itemId: 'A' });
  });
});

describe.each(GUARANTEES)('a cancellation with guarantee %s', (guarantee) => {
  const lastMs = LAST_IN_DOUBT_MS[guarantee];
  const absent = look(firstRun(guarantee), START_MS);

  it('before the first create closes the order when there is no item', () => {
    expect(next(cancelled(firstRun(guarantee)), START_MS)).toEqual({ kind: 'close', as: 'cancelled' });
  });

  it('before the first create comes too late for an item that is there: it is not voided', () => {
    expect(next(cancelled(firstRun(guarantee)), START_MS, item('A'))).toEqual({ kind: 'complete', itemId: 'A' });
  });

  it('before the first create of a resumed order finds out past the fence, and voids nothing that it finds', () => {
    const resumed = cancelled(resumedRun(guarantee));
    const fenceMs = guarantee === 'none' ? 13_100 : 11_100;
    expect(next(resumed, fenceMs + 100)).toMatchObject(SETTLING);
    expect(next(resumed, fenceMs + 100, item('A'))).toMatchObject(SETTLING);
    expect(next(resumed, fenceMs + 101, item('A'))).toEqual({ kind: 'complete', itemId: 'A' });
  });

  it('voids surplus items found before absence was proven, and keeps one', () => {
    const decision = next(cancelled(firstRun(guarantee)), START_MS, item('B', 2), item('A', 1));
    expect(decision).toEqual({ kind: 'void', itemIds: ['B'], keep: 'A' });
  });

  it.each([
    ['unknown', UNKNOWN],
    ['committed', committed('A')],
    ['rejected', REJECTED],
  ])('after a create that was %s waits for the fence, item or not', (_, outcome) => {
    const state = cancelled(afterCreates(absent, outcome));
    expect(next(state, EARLY_MS)).toMatchObject(SETTLING);
    expect(next(state, lastMs)).toMatchObject(SETTLING);
    expect(next(state, lastMs, item('A'))).toMatchObject(SETTLING);
  });

  it('waits for the fence although the unresolved has ended, for what else may come', () => {
    const found = look(afterCreates(absent, committed('A')), EARLY_MS, item('A'));
    expect(next(cancelled(found), lastMs, item('A'))).toMatchObject(SETTLING);
  });

  it('voids every item that appeared after absence was proven, with no keeper', () => {
    const state = cancelled(afterCreates(absent, committed('A')));
    expect(next(state, lastMs + 1, item('B', 2), voided('C'), item('A', 1))).toEqual({
      kind: 'void',
      itemIds: ['B', 'A'],
      keep: null,
    });
    expect(next(state, lastMs + 1, voided('A'))).toMatchObject({ as: 'cancelled' });
  });

  it('of a rejected order closes it as cancelled', () => {
    const state = cancelled(afterCreates(absent, REJECTED));
    expect(next(state, lastMs + 1)).toEqual({ kind: 'close', as: 'cancelled' });
  });
});

describe('the final check of an order that closes without an item', () => {
  const PAST_MS = 20_000;
  const unknown = look(afterCreates(firstRun('none'), UNKNOWN), LAST_IN_DOUBT_MS.none + 1);

  it.each([
    ['is resumed', cancelled(resumedRun('none'))],
    ['is cancelled and had a create that stayed unknown', cancelled(unknown)],
    ['is rejected and had a create that stayed unknown', afterCreates(unknown, REJECTED)],
  ])('comes after each of the late pauses when it %s', (_, state) => {
    const decisions = [0, 1, 2].map((finalChecks) => next({ ...state, finalChecks }, PAST_MS));
    expect(decisions.slice(0, 2)).toEqual(TIMINGS.lateWatchMs.map((ms) => ({ kind: 'wait', ms, why: 'final check' })));
    expect(decisions[2]).toMatchObject({ kind: 'close' });
  });

  it('is not needed when every outcome was found out', () => {
    expect(next(cancelled(look(firstRun('none'), START_MS)), PAST_MS)).toMatchObject({ kind: 'close' });
    const found = look(afterCreates(firstRun('none'), committed('A')), EARLY_MS, item('A'));
    expect(next(cancelled(found), PAST_MS, voided('A'))).toMatchObject({ kind: 'close' });
  });

  it.each(['deadline', 'idempotency-key'] as const)('is not needed with guarantee %s', (guarantee) => {
    expect(next(cancelled(resumedRun(guarantee)), PAST_MS)).toMatchObject({ kind: 'close' });
    const stayedUnknown = look(afterCreates(firstRun(guarantee), UNKNOWN), PAST_MS);
    expect(next(cancelled(stayedUnknown), PAST_MS)).toMatchObject({ kind: 'close' });
  });

  it('that finds an item voids it for a cancellation and completes with it for a rejection', () => {
    expect(next(cancelled(unknown), PAST_MS, item('A'))).toEqual({ kind: 'void', itemIds: ['A'], keep: null });
    expect(next(afterCreates(unknown, REJECTED), PAST_MS, item('A'))).toEqual({ kind: 'complete', itemId: 'A' });
  });
});

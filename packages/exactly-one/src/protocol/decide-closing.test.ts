import { describe, expect, it } from '@jest/globals';
import { decide } from './decide.ts';
import { GUARANTEES } from './guarantee.ts';
import type { Item } from './items.ts';
import type { OrderState } from './order-state.ts';
import {
  afterCheck,
  afterCreates,
  afterUnlistedClaim,
  committed,
  firstRun,
  item,
  LAST_SETTLING_MS,
  listAsOf,
  ORDER_ID,
  REJECTED,
  resumedRun,
  START_MS,
  TIMINGS,
  UNKNOWN,
  voided,
} from './order-states.fixture.ts';

const EARLY_MS = 10_500;
const SETTLING = { kind: 'wait', why: 'settling' };
const cancelled = (state: OrderState): OrderState => ({ ...state, cancelRequested: true });

/** What an order does after a check with this result. */
function next(state: OrderState, asOfMs: number, ...items: readonly Item[]) {
  const checked = afterCheck(state, asOfMs, ...items);
  return decide(ORDER_ID, checked, listAsOf(asOfMs, ...items), TIMINGS, asOfMs);
}

describe.each(GUARANTEES)('a rejected order with guarantee %s', (guarantee) => {
  const rejected = afterCreates(firstRun(guarantee), REJECTED);
  const lastMs = LAST_SETTLING_MS[guarantee];

  it('closes only after it has settled', () => {
    expect(next(rejected, EARLY_MS)).toMatchObject(SETTLING);
    expect(next(rejected, lastMs)).toMatchObject(SETTLING);
    expect(next(rejected, lastMs + 1)).toEqual({ kind: 'close', as: 'rejected' });
  });

  it('completes when an item exists all the same', () => {
    expect(next(rejected, EARLY_MS, item('A'))).toEqual({ kind: 'complete', itemId: 'A' });
    expect(next(rejected, lastMs + 1, item('A'))).toEqual({ kind: 'complete', itemId: 'A' });
  });

  it('never creates again, even after a void or a back-off', () => {
    expect(next(rejected, lastMs + 1, voided('A'))).toEqual({ kind: 'close', as: 'rejected' });
    expect(next({ ...rejected, notBeforeMs: 99_000 }, lastMs + 1)).toEqual({ kind: 'close', as: 'rejected' });
  });

  it('settles after somebody else voided its item before the fence', () => {
    const found = afterCheck(rejected, EARLY_MS, item('A'));
    expect(next(found, lastMs, voided('A'))).toMatchObject(SETTLING);
    expect(next(found, lastMs + 1, voided('A'))).toEqual({ kind: 'close', as: 'rejected' });
  });
});

describe('an order that was rejected after an earlier create with the same key had received a 201', () => {
  const rejected = afterCreates(afterUnlistedClaim(firstRun('idempotency-key'), 'A'), REJECTED);

  it('settles while that item is not listed, although another one is', () => {
    const lastMs = LAST_SETTLING_MS['idempotency-key'];
    expect(next(rejected, lastMs, item('B'))).toMatchObject(SETTLING);
    expect(next(rejected, lastMs + 1, item('B'))).toEqual({ kind: 'complete', itemId: 'B' });
    expect(next(rejected, EARLY_MS, item('A'))).toEqual({ kind: 'complete', itemId: 'A' });
  });
});

describe.each(GUARANTEES)('a cancellation with guarantee %s', (guarantee) => {
  const lastMs = LAST_SETTLING_MS[guarantee];
  const absent = afterCheck(firstRun(guarantee), START_MS);

  it('before the first create closes the order when no item exists', () => {
    expect(next(cancelled(firstRun(guarantee)), START_MS)).toEqual({ kind: 'close', as: 'cancelled' });
  });

  it('before the first create comes too late for an item that exists: it is not voided', () => {
    expect(next(cancelled(firstRun(guarantee)), START_MS, item('A'))).toEqual({ kind: 'complete', itemId: 'A' });
  });

  it('before the first create of a resumed order waits for the fence, and voids nothing that it finds then', () => {
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
  ])('after a create that was %s waits for the fence, whether or not an item exists', (_, outcome) => {
    const state = cancelled(afterCreates(absent, outcome));
    expect(next(state, EARLY_MS)).toMatchObject(SETTLING);
    expect(next(state, lastMs)).toMatchObject(SETTLING);
    expect(next(state, lastMs, item('A'))).toMatchObject(SETTLING);
  });

  it('waits for the fence even when the create is resolved, because more items may come', () => {
    const found = afterCheck(afterCreates(absent, committed('A')), EARLY_MS, item('A'));
    expect(next(cancelled(found), lastMs, item('A'))).toMatchObject(SETTLING);
  });

  it('voids every item that appeared after absence was proven, and keeps none', () => {
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
  const unknown = afterCheck(afterCreates(firstRun('none'), UNKNOWN), LAST_SETTLING_MS.none + 1);

  it.each([
    ['is resumed', cancelled(resumedRun('none'))],
    ['is cancelled and had a create that stayed unknown', cancelled(unknown)],
    ['is rejected and had a create that stayed unknown', afterCreates(unknown, REJECTED)],
  ])('follows each pause of the late watch when it %s', (_, state) => {
    const decisions = [0, 1, 2].map((finalChecks) => next({ ...state, finalChecks }, PAST_MS));
    expect(decisions.slice(0, 2)).toEqual(TIMINGS.lateWatchMs.map((ms) => ({ kind: 'wait', ms, why: 'final check' })));
    expect(decisions[2]).toMatchObject({ kind: 'close' });
  });

  it('is not needed when every outcome became known', () => {
    expect(next(cancelled(afterCheck(firstRun('none'), START_MS)), PAST_MS)).toMatchObject({ kind: 'close' });
    const found = afterCheck(afterCreates(firstRun('none'), committed('A')), EARLY_MS, item('A'));
    expect(next(cancelled(found), PAST_MS, voided('A'))).toMatchObject({ kind: 'close' });
  });

  it.each(['deadline', 'idempotency-key'] as const)('is not needed with guarantee %s', (guarantee) => {
    expect(next(cancelled(resumedRun(guarantee)), PAST_MS)).toMatchObject({ kind: 'close' });
    const stayedUnknown = afterCheck(afterCreates(firstRun(guarantee), UNKNOWN), PAST_MS);
    expect(next(cancelled(stayedUnknown), PAST_MS)).toMatchObject({ kind: 'close' });
  });

  it('that finds an item voids it after a cancellation, and completes with it after a rejection', () => {
    expect(next(cancelled(unknown), PAST_MS, item('A'))).toEqual({ kind: 'void', itemIds: ['A'], keep: null });
    expect(next(afterCreates(unknown, REJECTED), PAST_MS, item('A'))).toEqual({ kind: 'complete', itemId: 'A' });
  });
});

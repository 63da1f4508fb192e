import { describe, expect, it } from '@jest/globals';
import { decide } from './decide.ts';
import { GUARANTEES } from './guarantee.ts';
import type { Ticket } from './items.ts';
import {
  afterCreates,
  afterUnlistedClaim,
  answerAsOf,
  committed,
  firstRun,
  INTERVALS,
  LAST_IN_DOUBT_MS,
  ORDER_ID,
  REJECTED,
  resumedRun,
  START_MS,
  ticket,
  UNKNOWN,
  voided,
} from './moments.fixture.ts';
import { type OrderState, withAnswer } from './order-state.ts';

const EARLY_MS = 10_500;
const SETTLING = { kind: 'wait', why: 'settling' };
const cancelled = (state: OrderState): OrderState => ({ ...state, cancelRequested: true });
const look = (state: OrderState, asOfMs: number, ...tickets: readonly Ticket[]) =>
  withAnswer(state, answerAsOf(asOfMs, ...tickets), INTERVALS);

function next(state: OrderState, asOfMs: number, ...tickets: readonly Ticket[]) {
  const answer = answerAsOf(asOfMs, ...tickets);
  return decide(ORDER_ID, withAnswer(state, answer, INTERVALS), answer, INTERVALS, asOfMs);
}

describe.each(GUARANTEES)('a rejected order with guarantee %s', (guarantee) => {
  const rejected = afterCreates(firstRun(guarantee), REJECTED);
  const lastMs = LAST_IN_DOUBT_MS[guarantee];

  it('is closed after it has settled only, never at once', () => {
    expect(next(rejected, EARLY_MS)).toMatchObject(SETTLING);
    expect(next(rejected, lastMs)).toMatchObject(SETTLING);
    expect(next(rejected, lastMs + 1)).toEqual({ kind: 'close', as: 'rejected' });
  });

  it('completes when there is a ticket all the same', () => {
    expect(next(rejected, EARLY_MS, ticket('A'))).toEqual({ kind: 'complete', ticketId: 'A' });
    expect(next(rejected, lastMs + 1, ticket('A'))).toEqual({ kind: 'complete', ticketId: 'A' });
  });

  it('creates no more, whatever was voided and even after its back-off', () => {
    expect(next(rejected, lastMs + 1, voided('A'))).toEqual({ kind: 'close', as: 'rejected' });
    expect(next({ ...rejected, notBeforeMs: 99_000 }, lastMs + 1)).toEqual({ kind: 'close', as: 'rejected' });
  });

  it('settles after its ticket was voided by somebody before the fence', () => {
    const found = look(rejected, EARLY_MS, ticket('A'));
    expect(next(found, lastMs, voided('A'))).toMatchObject(SETTLING);
    expect(next(found, lastMs + 1, voided('A'))).toEqual({ kind: 'close', as: 'rejected' });
  });
});

describe('a rejected order whose earlier send with the same key was answered with a ticket', () => {
  const rejected = afterCreates(afterUnlistedClaim(firstRun('idempotency-key'), 'A'), REJECTED);

  it('settles while that ticket is not listed, although another one is there', () => {
    const lastMs = LAST_IN_DOUBT_MS['idempotency-key'];
    expect(next(rejected, lastMs, ticket('B'))).toMatchObject(SETTLING);
    expect(next(rejected, lastMs + 1, ticket('B'))).toEqual({ kind: 'complete', ticketId: 'B' });
    expect(next(rejected, EARLY_MS, ticket('A'))).toEqual({ kind: 'complete', ticketId: 'A' });
  });
});

describe.each(GUARANTEES)('a cancellation with guarantee %s', (guarantee) => {
  const lastMs = LAST_IN_DOUBT_MS[guarantee];
  const absent = look(firstRun(guarantee), START_MS);

  it('before the first create closes the order when there is no ticket', () => {
    expect(next(cancelled(firstRun(guarantee)), START_MS)).toEqual({ kind: 'close', as: 'cancelled' });
  });

  it('before the first create comes too late for a ticket that is there: it is not voided', () => {
    expect(next(cancelled(firstRun(guarantee)), START_MS, ticket('A'))).toEqual({ kind: 'complete', ticketId: 'A' });
  });

  it('before the first create of a resumed order finds out past the fence, and voids nothing that it finds', () => {
    const resumed = cancelled(resumedRun(guarantee));
    const fenceMs = guarantee === 'none' ? 13_100 : 11_100;
    expect(next(resumed, fenceMs + 100)).toMatchObject(SETTLING);
    expect(next(resumed, fenceMs + 100, ticket('A'))).toMatchObject(SETTLING);
    expect(next(resumed, fenceMs + 101, ticket('A'))).toEqual({ kind: 'complete', ticketId: 'A' });
  });

  it('voids surplus tickets found before absence was proven, and keeps one', () => {
    const decision = next(cancelled(firstRun(guarantee)), START_MS, ticket('B', 2), ticket('A', 1));
    expect(decision).toEqual({ kind: 'void', ticketIds: ['B'], keep: 'A' });
  });

  it.each([
    ['unknown', UNKNOWN],
    ['committed', committed('A')],
    ['rejected', REJECTED],
  ])('after a create that was %s waits for the fence, ticket or not', (_, outcome) => {
    const state = cancelled(afterCreates(absent, outcome));
    expect(next(state, EARLY_MS)).toMatchObject(SETTLING);
    expect(next(state, lastMs)).toMatchObject(SETTLING);
    expect(next(state, lastMs, ticket('A'))).toMatchObject(SETTLING);
  });

  it('waits for the fence although the doubt has ended, for what else may come', () => {
    const found = look(afterCreates(absent, committed('A')), EARLY_MS, ticket('A'));
    expect(next(cancelled(found), lastMs, ticket('A'))).toMatchObject(SETTLING);
  });

  it('voids every ticket that appeared after absence was proven, with no keeper', () => {
    const state = cancelled(afterCreates(absent, committed('A')));
    expect(next(state, lastMs + 1, ticket('B', 2), voided('C'), ticket('A', 1))).toEqual({
      kind: 'void',
      ticketIds: ['B', 'A'],
      keep: null,
    });
    expect(next(state, lastMs + 1, voided('A'))).toMatchObject({ as: 'cancelled' });
  });

  it('of a rejected order closes it as cancelled', () => {
    const state = cancelled(afterCreates(absent, REJECTED));
    expect(next(state, lastMs + 1)).toEqual({ kind: 'close', as: 'cancelled' });
  });
});

describe('the last look of an order that closes without a ticket', () => {
  const PAST_MS = 20_000;
  const unknown = look(afterCreates(firstRun('none'), UNKNOWN), LAST_IN_DOUBT_MS.none + 1);

  it.each([
    ['is resumed', cancelled(resumedRun('none'))],
    ['is cancelled and had a create that stayed unknown', cancelled(unknown)],
    ['is rejected and had a create that stayed unknown', afterCreates(unknown, REJECTED)],
  ])('comes after each of the late pauses when it %s', (_, state) => {
    const decisions = [0, 1, 2].map((lateLooks) => next({ ...state, lateLooks }, PAST_MS));
    expect(decisions.slice(0, 2)).toEqual(INTERVALS.lateWatchMs.map((ms) => ({ kind: 'wait', ms, why: 'last look' })));
    expect(decisions[2]).toMatchObject({ kind: 'close' });
  });

  it('is not needed when every outcome was found out', () => {
    expect(next(cancelled(look(firstRun('none'), START_MS)), PAST_MS)).toMatchObject({ kind: 'close' });
    const found = look(afterCreates(firstRun('none'), committed('A')), EARLY_MS, ticket('A'));
    expect(next(cancelled(found), PAST_MS, voided('A'))).toMatchObject({ kind: 'close' });
  });

  it.each(['deadline', 'idempotency-key'] as const)('is not needed with guarantee %s', (guarantee) => {
    expect(next(cancelled(resumedRun(guarantee)), PAST_MS)).toMatchObject({ kind: 'close' });
    const stayedUnknown = look(afterCreates(firstRun(guarantee), UNKNOWN), PAST_MS);
    expect(next(cancelled(stayedUnknown), PAST_MS)).toMatchObject({ kind: 'close' });
  });

  it('that finds a ticket voids it for a cancellation and completes with it for a rejection', () => {
    expect(next(cancelled(unknown), PAST_MS, ticket('A'))).toEqual({ kind: 'void', ticketIds: ['A'], keep: null });
    expect(next(afterCreates(unknown, REJECTED), PAST_MS, ticket('A'))).toEqual({ kind: 'complete', ticketId: 'A' });
  });
});

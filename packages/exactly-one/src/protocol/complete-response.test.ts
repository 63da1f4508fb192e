import { describe, expect, it } from '@jest/globals';
import { isFresh, type ListContext, type ListedItem, readCompleteResponse } from './complete-response.ts';

const CONTEXT: ListContext = {
  orderId: 'order-1',
  reservationId: 'R-1',
  seen: { itemIds: [], voidedItemIds: [] },
  requestedAtMs: 10_000,
  receivedAtMs: 10_050,
  clockSkewMs: 100,
};
const listed = (itemId: string, rest: Partial<ListedItem> = {}): ListedItem => ({
  orderId: 'order-1',
  reservationId: 'R-1',
  itemId: itemId,
  createdAtMs: 5,
  voided: false,
  ...rest,
});
const read = (
  items: readonly ListedItem[],
  { asOfMs = 10_020, seen = CONTEXT.seen }: { asOfMs?: number; seen?: ListContext['seen'] } = {},
) => readCompleteResponse({ kind: 'list', items, asOfMs }, { ...CONTEXT, seen });
const problem = (...words: readonly string[]) => ({ problem: expect.stringMatching(words.join('.*')) });

describe('a complete response', () => {
  it('is a fresh list of this order and this reservation: live and voided items, and its time', () => {
    expect(read([listed('A'), listed('B', { createdAtMs: 6, voided: true })])).toEqual({
      list: {
        items: [
          { itemId: 'A', createdAtMs: 5, voided: false },
          { itemId: 'B', createdAtMs: 6, voided: true },
        ],
        asOfMs: 10_020,
      },
    });
  });

  it('needs no reservation where the service has none, but then its items may not have one either', () => {
    const { reservationId: _, ...context } = CONTEXT;
    const { reservationId: __, ...item } = listed('A');
    const readWithout = (items: readonly ListedItem[]) =>
      readCompleteResponse({ kind: 'list', items, asOfMs: 10_020 }, context);
    expect(readWithout([item])).toHaveProperty('list.items', [expect.objectContaining({ itemId: 'A' })]);
    expect(readWithout([listed('A')])).toHaveProperty('problem');
    expect(read([item])).toHaveProperty('problem');
  });

  it('may be empty', () => {
    expect(read([])).toEqual({ list: { items: [], asOfMs: 10_020 } });
  });

  it.each([9_900, 10_000, 10_150])('may be as of %d, within the clock skew of the request', (asOfMs) => {
    expect(read([], { asOfMs })).toHaveProperty('list.asOfMs', asOfMs);
  });

  it('counts an item that is listed twice once, with its earliest creation time', () => {
    const twice = [listed('A', { createdAtMs: 7 }), listed('A', { createdAtMs: 5 }), listed('A', { createdAtMs: 9 })];
    expect(read(twice)).toHaveProperty('list.items', [{ itemId: 'A', createdAtMs: 5, voided: false }]);
  });

  it('contains everything seen before, and may contain more', () => {
    const seen = { itemIds: ['A', 'B'], voidedItemIds: ['B'] };
    expect(read([listed('A'), listed('B', { voided: true }), listed('C')], { seen })).toHaveProperty('list');
  });

  it('may show as voided an item that was seen live before', () => {
    const seen = { itemIds: ['A'], voidedItemIds: [] };
    expect(read([listed('A', { voided: true })], { seen })).toHaveProperty('list');
  });
});

describe('a response that is not complete', () => {
  it('is an error', () => {
    expect(readCompleteResponse({ kind: 'error', error: new Error('404') }, CONTEXT)).toEqual(problem('error'));
  });

  it('is a list from before the request by more than the clock skew', () => {
    expect(read([listed('A')], { asOfMs: 9_899 })).toEqual(
      problem('1970-01-01T00:00:09.899Z', '1970-01-01T00:00:10.000Z'),
    );
  });

  it('is a list with an invalid time', () => {
    expect(read([], { asOfMs: Number.NaN })).toEqual(problem('time'));
    expect(read([listed('A', { createdAtMs: Number.NaN })])).toEqual(problem('time'));
  });

  it('is a list from the future by more than the clock skew', () => {
    expect(read([listed('A')], { asOfMs: 10_151 })).toEqual(problem('1970-01-01T00:00:10.151Z'));
  });

  it.each([
    ['another order', { orderId: 'order-2' }, 'order-2'],
    ['another reservation', { reservationId: 'R-2' }, 'R-2'],
  ])('is a list with one item of %s, at any position', (_, foreign, named) => {
    expect(read([listed('A'), listed('B', foreign)])).toEqual(problem('B', named));
    expect(read([listed('B', foreign), listed('A')])).toEqual(problem('B', named));
  });

  it('is a list that shows one item both live and voided, in either order', () => {
    const live = listed('A');
    const gone = listed('A', { voided: true });
    expect(read([live, listed('B'), gone])).toEqual(problem('A is both live and voided'));
    expect(read([gone, live])).toEqual(problem('A is both live and voided'));
  });

  it('is a list that lacks an item seen before', () => {
    expect(read([listed('A')], { seen: { itemIds: ['A', 'B'], voidedItemIds: [] } })).toEqual(problem('B', 'missing'));
  });

  it('is a list that lacks a void seen before', () => {
    const seen = { itemIds: ['A', 'B'], voidedItemIds: ['B'] };
    expect(read([listed('A', { voided: true }), listed('B')], { seen })).toEqual(problem('B', 'live'));
  });
});

describe('a fresh response', () => {
  const fresh = (asOfMs: number) => isFresh({ asOfMs, requestedAtMs: 10_000, receivedAtMs: 10_500, clockSkewMs: 100 });

  it('is older than its request by the clock skew at most', () => {
    expect(fresh(9_900)).toBe(true);
    expect(fresh(9_899)).toBe(false);
  });

  it('is newer than its receipt by the clock skew at most', () => {
    expect(fresh(10_600)).toBe(true);
    expect(fresh(10_601)).toBe(false);
  });

  it('has a time', () => {
    expect(fresh(Number.NaN)).toBe(false);
  });
});

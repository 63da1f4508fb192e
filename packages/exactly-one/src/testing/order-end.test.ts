import { expect, it } from '@jest/globals';
import { type EndedOrder, problemsOf } from './order-end.ts';

const order = (end: EndedOrder['end'], live: readonly string[], watchFailure?: string): EndedOrder => ({
  ...{ orderId: 'order-1', action: 'left alone', end, live, watchFailure },
});
const completed = { kind: 'completed', itemId: 'A' } as const;

it('an order is right with the one item that it returned, or without an item if it was cancelled or rejected', () => {
  const orders = [order(completed, ['A']), order({ kind: 'cancelled' }, []), order({ kind: 'rejected' }, [])];
  expect(problemsOf(orders)).toEqual([]);
});

it.each([
  [
    'two live items',
    order(completed, ['A', 'B']),
    'order-1 returned A and must have exactly one item; live: A, B (left alone)',
  ],
  ['none', order(completed, []), 'order-1 returned A and must have exactly one item; no item is live (left alone)'],
  [
    'another item than it returned',
    order(completed, ['B']),
    'order-1 returned A, but another item is the live one; live: B (left alone)',
  ],
  [
    'an item although it was cancelled',
    order({ kind: 'cancelled' }, ['A']),
    'order-1 was cancelled and must have no item; live: A (left alone)',
  ],
  [
    'an unknown end',
    order({ kind: 'failed', reason: 'given up' }, []),
    'order-1 failed, so nobody knows whether it has an item: given up; no item is live (left alone)',
  ],
  [
    'an unknown end that is a sentence',
    order({ kind: 'failed', reason: 'The order was given up.' }, []),
    'order-1 failed, so nobody knows whether it has an item: The order was given up; no item is live (left alone)',
  ],
  [
    'a late watch that failed',
    order(completed, ['A'], 'promised item gone'),
    'order-1 has a late watch that failed: promised item gone (left alone)',
  ],
])('an order is wrong that has %s', (_what, wrong, problem) => {
  expect(problemsOf([wrong])).toEqual([problem]);
});

it('an order that was resumed and has several items points to the field that the workflow must pass on', () => {
  const resumed = { ...order(completed, ['A', 'B']), isResumed: true };
  expect(problemsOf([resumed])).toEqual([
    'order-1 returned A and must have exactly one item; live: A, B (left alone). Right: the workflow passes resumed of its input on to exactlyOne',
  ]);
  expect(problemsOf([{ ...resumed, live: [] }])).toEqual([
    'order-1 returned A and must have exactly one item; no item is live (left alone)',
  ]);
});

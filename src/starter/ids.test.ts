import { describe, expect, test } from '@jest/globals';
import { idsOf, WrongUse } from './ids.ts';
import { orderKind } from './order.ts';
import { transferKind } from './transfer.ts';

const orderIdsOf = (given: readonly string[], count?: number) => idsOf(orderKind.ids, given, count);

describe('the ids of the orders to submit', () => {
  test('are the given ones; a bare number gets the prefix order-', () => {
    expect(orderIdsOf(['112358', 'order-7', 'B_2', '7up'])).toEqual(['order-112358', 'order-7', 'B_2', '7up']);
  });

  test('are not repeated, even when an order is written in two ways', () => {
    expect(orderIdsOf(['7', 'other', 'order-7', '7'])).toEqual(['order-7', 'other']);
  });

  test('default to one valid random id', () => {
    const [orderId = '', ...others] = orderIdsOf([]);
    expect(orderIdsOf([orderId])).toEqual([orderId]);
    expect(orderId).toMatch(/^order-[a-z0-9]{10}$/);
    expect(others).toEqual([]);
    expect(orderIdsOf([])).not.toEqual([orderId]);
  });

  test.each([1, 1_000])('are %d different random ids for that --count', (count) => {
    expect(new Set(orderIdsOf([], count)).size).toBe(count);
  });

  test('cannot be given together with --count', () => {
    const wrong = () => orderIdsOf(['7', 'other'], 3);
    expect(wrong).toThrow(WrongUse);
    expect(wrong).toThrow('use either order ids or --count, not both; got 7 other and --count 3');
  });

  test.each(['transfer-7', 'a/b', '../order-7', '-order', 'order 7', '', 'ö', 'a'.repeat(65), '1'.repeat(60)])(
    'cannot be %j, and the error says what is allowed',
    (given) => {
      const wrong = () => orderIdsOf(['order-7', given]);
      expect(wrong).toThrow(WrongUse);
      expect(wrong).toThrow(
        /is not a valid order id: an order id is 1 to 64 letters, digits, .* and not with "transfer-"/,
      );
    },
  );
});

test('the id of a transfer is taken as it is given, and random otherwise', () => {
  expect(idsOf(transferKind.ids, ['7'], undefined)).toEqual(['7']);
  expect(new Set(idsOf(transferKind.ids, [], 3)).size).toBe(3);
});

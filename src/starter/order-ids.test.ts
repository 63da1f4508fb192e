import { describe, expect, test } from '@jest/globals';
import { orderIdOf, orderIdsOf, WrongUse } from './order-ids.ts';

describe('the orders that are meant', () => {
  test('are those that are given, a bare number with the prefix order-', () => {
    expect(orderIdsOf(['112358', 'order-7', 'B_2', '7up'], undefined)).toEqual([
      'order-112358',
      'order-7',
      'B_2',
      '7up',
    ]);
  });

  test('are each meant once, also when an order is written in two ways', () => {
    expect(orderIdsOf(['7', 'other', 'order-7', '7'], undefined)).toEqual(['order-7', 'other']);
  });

  test('are one order with a random id when none is given', () => {
    const [orderId = '', ...others] = orderIdsOf([], undefined);
    expect(orderIdOf(orderId)).toBe(orderId);
    expect(orderId).toMatch(/^order-[a-z0-9]{10}$/);
    expect(others).toEqual([]);
    expect(orderIdsOf([], undefined)).not.toEqual([orderId]);
  });

  test.each([1, 1_000])('are as many with random ids as --count %d says', (count) => {
    expect(new Set(orderIdsOf([], String(count))).size).toBe(count);
  });

  test.each(['0', '1001', '-1', '1.5', '2e2', 'three', ''])('cannot be --count %j', (count) => {
    const wrong = () => orderIdsOf([], count);
    expect(wrong).toThrow(WrongUse);
    expect(wrong).toThrow(`--count ${count}: expected a whole number from 1 to 1000`);
  });

  test('are not given by ids and --count at once', () => {
    const wrong = () => orderIdsOf(['7', 'other'], '3');
    expect(wrong).toThrow(WrongUse);
    expect(wrong).toThrow('either order ids or --count, not both: came 7 other and --count 3');
  });
});

describe('an invalid order id', () => {
  test.each(['transfer-7', 'a/b', '../order-7', '-order', 'order 7', '', 'ö', 'a'.repeat(65), '1'.repeat(60)])(
    '%j is refused with what is allowed',
    (given) => {
      const wrong = () => orderIdsOf(['order-7', given], undefined);
      expect(wrong).toThrow(WrongUse);
      expect(wrong).toThrow(
        /is not a valid order id: an order id is 1 to 64 letters, digits, .* and not with "transfer-"/,
      );
    },
  );
});

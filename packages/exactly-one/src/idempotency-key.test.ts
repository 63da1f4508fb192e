import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { idempotencyKey } from './idempotency-key.ts';

const itemId = fc.constantFrom('A', 'B', 'C', 'D', 'E');
const itemIds = fc.array(itemId, { maxLength: 12 });

describe('an idempotency key', () => {
  it('is the order id and the number of voided items', () => {
    expect(idempotencyKey('order-1', [])).toBe('order-1/0');
    expect(idempotencyKey('order-1', ['A', 'B'])).toBe('order-1/2');
  });

  it('differs between orders', () => {
    expect(idempotencyKey('order-1', [])).not.toBe(idempotencyKey('order-2', []));
  });

  it('counts a voided item once, however often and in whatever order it is listed', () => {
    expect(idempotencyKey('order-1', ['A', 'A', 'B', 'A'])).toBe(idempotencyKey('order-1', ['B', 'A']));
  });

  it('never falls while voids are added, and changes exactly with a new one', () => {
    const number = (voided: readonly string[]) => Number(idempotencyKey('order-1', voided).split('/')[1]);
    fc.assert(
      fc.property(itemIds, itemId, (voided, next) => {
        expect(number([...voided, next]) - number(voided)).toBe(voided.includes(next) ? 0 : 1);
      }),
      { seed: 112_358 },
    );
  });
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { barParts } from './order-groups.ts';

describe('the parts of a bar', () => {
  it('are proportional to the number of orders', () => {
    const parts = barParts({ orders: 30, exactlyOne: 15, duplicates: 9, lost: 6 }, 50);
    expect(parts.map(({ group, count, length }) => [group, count, length])).toEqual([
      ['exactlyOne', 15, 25],
      ['duplicates', 9, 15],
      ['lost', 6, 10],
    ]);
  });

  it('fill the bar exactly, and are visible if and only if their group has an order', () => {
    const counts = fc.tuple(fc.nat(200), fc.nat(200), fc.nat(200)).filter((each) => each.some((count) => count > 0));
    fc.assert(
      fc.property(counts, fc.integer({ min: 10, max: 400 }), ([exactlyOne, duplicates, lost], width) => {
        const orders = exactlyOne + duplicates + lost;
        const parts = barParts({ orders, exactlyOne, duplicates, lost }, width);
        expect(parts.reduce((sum, { length }) => sum + length, 0)).toBe(width);
        for (const { count, length } of parts) expect(length > 0).toBe(count > 0);
      }),
    );
  });
});

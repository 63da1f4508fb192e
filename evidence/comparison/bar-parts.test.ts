import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { barParts } from './bar-parts.ts';

describe('the parts of a bar', () => {
  it('are as long as their share of the orders', () => {
    const parts = barParts({ orders: 30, exactlyOne: 15, duplicates: 9, lost: 6 }, 50);
    expect(parts.map(({ fate, count, length }) => [fate, count, length])).toEqual([
      ['exactlyOne', 15, 25],
      ['duplicates', 9, 15],
      ['lost', 6, 10],
    ]);
  });

  it('fill the bar exactly, and show whatever happened at all and nothing else', () => {
    const fates = fc.tuple(fc.nat(200), fc.nat(200), fc.nat(200)).filter((counts) => counts.some((count) => count > 0));
    fc.assert(
      fc.property(fates, fc.integer({ min: 10, max: 400 }), ([exactlyOne, duplicates, lost], width) => {
        const orders = exactlyOne + duplicates + lost;
        const parts = barParts({ orders, exactlyOne, duplicates, lost }, width);
        expect(parts.reduce((sum, { length }) => sum + length, 0)).toBe(width);
        for (const { count, length } of parts) expect(length > 0).toBe(count > 0);
      }),
    );
  });
});

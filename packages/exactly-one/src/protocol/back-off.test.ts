import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fullJitterMs } from './back-off.ts';

const backOff = fc
  .record({ baseMs: fc.integer({ min: 1, max: 5_000 }), capMs: fc.integer({ min: 1, max: 100_000 }) })
  .filter(({ baseMs, capMs }) => baseMs <= capMs);
const round = fc.nat({ max: 10_000 });
const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const seeded = { seed: 112_358, numRuns: 500 };

describe('a delay with full jitter', () => {
  it('is an integer from 0 to below the cap, in every round', () => {
    fc.assert(
      fc.property(backOff, round, random, (bounds, when, drawn) => {
        const delayMs = fullJitterMs(bounds, when, drawn);
        expect(Number.isInteger(delayMs)).toBe(true);
        expect(delayMs).toBeGreaterThanOrEqual(0);
        expect(delayMs).toBeLessThan(bounds.capMs);
      }),
      seeded,
    );
  });

  it('is below the base in the first round and below twice the base in the second', () => {
    fc.assert(
      fc.property(backOff, random, (bounds, drawn) => {
        expect(fullJitterMs(bounds, 0, drawn)).toBeLessThan(bounds.baseMs);
        expect(fullJitterMs(bounds, 1, drawn)).toBeLessThan(2 * bounds.baseMs);
      }),
      seeded,
    );
  });

  it('never decreases from round to round for the same random number', () => {
    fc.assert(
      fc.property(backOff, round, random, (bounds, when, drawn) => {
        expect(fullJitterMs(bounds, when + 1, drawn)).toBeGreaterThanOrEqual(fullJitterMs(bounds, when, drawn));
      }),
      seeded,
    );
  });

  it('doubles with each round until the cap', () => {
    const delays = [0, 1, 2, 3, 4, 5, 6, 1_000].map((when) => fullJitterMs({ baseMs: 100, capMs: 2_000 }, when, 0.5));
    expect(delays).toEqual([50, 100, 200, 400, 800, 1_000, 1_000, 1_000]);
  });

  it('covers the full range, including zero', () => {
    const bounds = { baseMs: 1_000, capMs: 1_000 };
    expect(fullJitterMs(bounds, 3, 0)).toBe(0);
    expect(fullJitterMs(bounds, 3, 0.9999)).toBe(999);
  });
});

import { expect, it } from '@jest/globals';
import { percentile } from './percentile.ts';

it('a percentile is the smallest value that at least this share of the values does not exceed', () => {
  const values = [9, 1, 5, 3];
  expect([0.25, 0.5, 0.51, 0.95, 1].map((share) => percentile(values, share))).toEqual([1, 3, 5, 9, 9]);
  expect(percentile([], 0.5)).toBe(0);
});

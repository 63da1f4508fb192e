import { describe, expect, it } from '@jest/globals';
import { successProbability } from './success-probability.ts';

describe('the success probability', () => {
  it.each([
    [0.5, 0, 0.5],
    [0.5, 3, 0.9375],
    [0.9, 1, 0.99],
    [0, 10, 0],
    [1, 0, 1],
  ])('with %d per attempt and %i retries is %d', (successProbabilityOfOne, retries, expected) => {
    expect(successProbability({ successProbabilityOfOne, retries })).toBeCloseTo(expected, 12);
  });

  it.each([
    [-0.1, 1],
    [1.1, 1],
    [Number.NaN, 1],
    [0.5, -1],
    [0.5, 1.5],
    [0.5, Number.POSITIVE_INFINITY],
  ])('is not defined for %d with %d retries', (successProbabilityOfOne, retries) => {
    expect(() => successProbability({ successProbabilityOfOne, retries })).toThrow(RangeError);
  });
});

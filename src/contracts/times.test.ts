import { describe, expect, test } from '@jest/globals';
import { clockText, durationText, roughDurationText } from './times.ts';

describe('a duration for people', () => {
  test.each([
    [-5, '0.0 s'],
    [0, '0.0 s'],
    [1_849, '1.8 s'],
    [9_949, '9.9 s'],
    [9_950, '10 s'],
    [59_499, '59 s'],
    [59_500, '1 min'],
    [192_000, '3 min 12 s'],
    [3_599_700, '60 min'],
    [3_600_000, '1 h'],
    [7_500_000, '2 h 5 min'],
    [86_400_000, '1 d'],
    [349_200_000, '4 d 1 h'],
  ])('of %d ms is %s', (ms, text) => {
    expect(durationText(ms)).toBe(text);
  });
});

test.each([
  [-5, '0 s'],
  [59_999, '59 s'],
  [60_000, '1 min'],
  [3_599_999, '59 min'],
  [7_500_000, '2 h'],
  [349_200_000, '4 d'],
])('a duration of %d ms for a narrow column is %s', (ms, text) => {
  expect(roughDurationText(ms)).toBe(text);
});

describe('a time of day for people', () => {
  const noon = new Date(2026, 10, 30, 12, 0, 0).getTime();

  test('is on the clock of this machine', () => {
    expect(clockText(new Date(2026, 10, 30, 9, 4, 7).getTime(), noon)).toBe('09:04:07');
  });

  test('of another day has its date', () => {
    expect(clockText(new Date(2026, 11, 1, 0, 0, 1).getTime(), noon)).toBe('2026-12-01 00:00:01');
  });
});

import { expect, test } from '@jest/globals';
import { bar, dotsInRange, verticalBars } from './text-plot.ts';

test('a bar is exact to an eighth of a character', () => {
  expect(bar(0, 10)).toBe('');
  expect(bar(0.25, 10)).toBe('██▌');
  expect(bar(1, 10)).toBe('██████████');
});

test('vertical bars stand on the last line, and a small value is visible', () => {
  expect(verticalBars([0, 1, 50, 100], { height: 2, most: 100 })).toEqual(['   █', ' ▁██']);
});

test('dots are within their range', () => {
  expect(dotsInRange([0, 35], { range: 50, most: 100, width: 10 })).toBe('●··●··');
  expect(dotsInRange([100], { range: 100, most: 100, width: 10 })).toBe('·········●');
});

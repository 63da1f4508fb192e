import { expect, test } from '@jest/globals';
import { count, percent } from './number-text.ts';

test('shares become percentages, and thousands are separated', () => {
  expect(percent(0.70031)).toBe('70.03 %');
  expect(count(10_000)).toBe('10,000');
});

import { expect, test } from '@jest/globals';
import { count, percent, textTable } from './text-table.ts';

test('columns are as wide as their longest cell, and numbers are right-aligned', () => {
  const table = textTable(
    [{ title: 'way' }, { title: 'n', align: 'right' }, { title: 'end' }],
    [
      ['short', '1,000', 'a'],
      ['a longer one', '5', ''],
    ],
  );
  expect(table).toEqual(['way               n  end', 'short         1,000  a', 'a longer one      5']);
});

test('shares become percentages, and thousands are separated', () => {
  expect(percent(0.70031)).toBe('70.03 %');
  expect(count(10_000)).toBe('10,000');
});

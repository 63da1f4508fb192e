import { expect, test } from '@jest/globals';
import { count, percent, textTable } from './text-table.ts';

test('columns are as wide as they need, numbers at the right', () => {
  const table = textTable(
    [{ title: 'way' }, { title: 'n', align: 'right' }, { title: 'end' }],
    [
      ['short', '1,000', 'a'],
      ['a longer one', '5', ''],
    ],
  );
  expect(table).toEqual(['way               n  end', 'short         1,000  a', 'a longer one      5']);
});

test('shares are percentages and thousands stand apart', () => {
  expect(percent(0.70031)).toBe('70.03 %');
  expect(count(10_000)).toBe('10,000');
});

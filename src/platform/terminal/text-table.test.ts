import { stripVTControlCharacters } from 'node:util';
import { expect, test } from '@jest/globals';
import { textTable } from './text-table.ts';

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

test('columns are as wide as their cells look: a wide character fills two columns, a colour none', () => {
  const table = textTable(
    [{ title: 'id' }, { title: 'end' }],
    [
      ['票券', 'a'],
      ['\u001B[31mred\u001B[39m', 'b'],
    ],
  );
  expect(table.map(stripVTControlCharacters)).toEqual(['id    end', '票券  a', 'red   b']);
});

test('on a terminal, lines that are too long are cut off', () => {
  expect(textTable([{ title: 'id' }, { title: 'reason' }], [['order-7', 'connect ECONNREFUSED']], 18)).toEqual([
    'id       reason',
    'order-7  connect …',
  ]);
});

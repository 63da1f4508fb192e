import { expect, test } from '@jest/globals';
import { chosenRows } from './chosen-rows.ts';

test('a picture of the demo leaves out settings and the details of the verdict', () => {
  const rows = [
    '$ npm run demo',
    '  1.0 s  faults hostile',
    '         CREATE_DEADLINE_MS=1500',
    'Act 3 · The verdict',
    'order     creates  ticket',
    'order-01        1  TICKET-1',
    '  orders       1',
    '',
    '1 order, 1 ticket, 0 duplicates, 0 lost',
  ];
  expect(chosenRows(rows)).toEqual([0, 1, 3, '⋮', 8]);
});

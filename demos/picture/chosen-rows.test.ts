import { expect, test } from '@jest/globals';
import { chosenRows } from './chosen-rows.ts';

test('a picture of the demo leaves out explanations, settings and the details of the verdict', () => {
  const rows = [
    '$ npm run demo',
    '  0.9 s  started a Temporal server and the services, on free ports',
    '',
    'Act 1 · 20 orders, and a worker that is killed',
    'The ticket system fails before it commits.',
    '  1.0 s  faults hostile',
    '         CREATE_DEADLINE_MS=1500',
    'Act 2 · The verdict',
    'An audit counts the files.',
    'order     creates  ticket',
    'order-01        1  TICKET-1',
    '  orders       1',
    '',
    '1 order, 1 ticket, 0 duplicates, 0 lost',
  ];
  expect(chosenRows(rows)).toEqual([0, 1, 2, 3, 5, 7, '⋮', 13]);
});

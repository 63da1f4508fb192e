import { expect, test } from '@jest/globals';
import { ticketFileLines } from './ticket-files.ts';

test("the files of an order's ticket come first, and each says what became of its ticket", () => {
  const files = ['1-TICKET-A.json', '1-TICKET-A.void.json', '1-TICKET-B.json'];
  expect(ticketFileLines(files, 'TICKET-B')).toEqual([
    '1-TICKET-B.json  ← of the order',
    '1-TICKET-A.json  ← voided',
    '1-TICKET-A.void.json',
  ]);
  expect(ticketFileLines(['1-TICKET-A.json', '1-TICKET-B.json'], 'TICKET-B')[1]).toBe('1-TICKET-A.json  ← surplus');
});

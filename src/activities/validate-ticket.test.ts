import { expect, test } from '@jest/globals';
import { describeTickets } from './validate-ticket.ts';

test.each([
  [[], 'no ticket listed'],
  [['A'], 'ticket A'],
  [['A', 'B'], '2 tickets, A and B'],
  [['A', 'B', 'C'], '3 tickets, A, B and C'],
])('a check that finds %j says %j: it does not claim that none can come', (ticketIds, text) => {
  expect(describeTickets(ticketIds)).toBe(text);
});

import { expect, test } from '@jest/globals';
import { promised } from '../../testbed/database.fixture.ts';
import { otherTickets, submissionsText } from './submit-again.ts';

/** An order that was submitted again and returns this ticket. */
function returning(id: string, ticketId: string) {
  const result = { orderId: id, reservationId: `R-${id}`, ticketId, createAttempts: 1, voidedTicketIds: [] };
  return { id, handle: { result: async () => result } };
}

test('an order that is submitted again must return the ticket that it returned before', async () => {
  const ended = [promised('order-1', 'TICKET-1'), promised('order-2', 'TICKET-2')];
  const first = returning('order-1', 'TICKET-1');
  expect(await otherTickets(ended, [first, returning('order-2', 'TICKET-2')])).toEqual([]);
  expect(await otherTickets(ended, [first, returning('order-2', 'TICKET-3')])).toEqual([
    'order-2 was submitted again and returned TICKET-3, not TICKET-2',
  ]);
});

test('submissions with the same result are counted', () => {
  const running = { submissionResult: 'was running' } as const;
  expect(submissionsText([running, running])).toBe('2 × already exists (running)');
});

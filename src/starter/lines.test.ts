import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import type { SubmissionResult } from 'exactly-one/client';
import type { OrderResult } from '../contracts/order.ts';
import { endingLine } from './lines.ts';
import { orderKind } from './order.ts';

const RESULT = {
  orderId: 'order-7',
  reservationId: 'R-7',
  ticketId: 'TICKET-7',
  createAttempts: 1,
  voidedTicketIds: [],
};

/** The line of an order that has its ticket. */
function ticketLine(result: Partial<OrderResult>, submissionResult: SubmissionResult = 'started', width = 7): string {
  const ending = { kind: 'result', result: { ...RESULT, ...result } } as const;
  return stripVTControlCharacters(endingLine(orderKind, { id: 'order-7', submissionResult }, ending, width));
}

describe('the line of an order that has ended', () => {
  test('shows its ticket and the number of creates', () => {
    expect(ticketLine({})).toBe('✓ order-7  TICKET-7  1 create');
    expect(ticketLine({ createAttempts: 3 })).toBe('✓ order-7  TICKET-7  3 creates');
    expect(ticketLine({ createAttempts: 0 })).toBe('✓ order-7  TICKET-7  found an existing ticket');
  });

  test('shows how many tickets were voided, and that a cancellation came too late', () => {
    expect(ticketLine({ voidedTicketIds: ['A', 'B'], cancellation: 'came too late' })).toBe(
      '✓ order-7  TICKET-7  1 create, 2 voided, the cancellation came too late',
    );
  });

  test.each([
    ['resumed', 'resumed after a run that closed without a result'],
    ['was running', 'already exists (running)'],
    ['was completed', 'already exists (completed)'],
  ] as const)('for a submission result %j shows %j', (submissionResult, remark) => {
    expect(ticketLine({}, submissionResult)).toBe(`✓ order-7  TICKET-7  ${remark}, 1 create`);
  });

  test('says why there is no ticket', () => {
    const ending = { kind: 'no result', error: 'the card was declined', code: 'ORDER_REJECTED' } as const;
    const line = endingLine(orderKind, { id: 'order-7', submissionResult: 'started' }, ending, 7);
    expect(stripVTControlCharacters(line)).toBe('✗ order-7  no ticket  the card was declined');
  });

  test.each(['GIVEN_UP', 'TERMINATED', 'TEMPORAL_UNREACHABLE'] as const)(
    'with code %s does not claim that there is no ticket',
    (code) => {
      const ending = { kind: 'no result', error: 'the reason', code } as const;
      const line = endingLine(orderKind, { id: 'order-7', submissionResult: 'started' }, ending, 7);
      expect(stripVTControlCharacters(line)).toBe('✗ order-7  unknown  the reason');
    },
  );

  test('pads the id to the width of the longest one', () => {
    expect(ticketLine({}, 'started', 10)).toBe('✓ order-7     TICKET-7  1 create');
  });
});

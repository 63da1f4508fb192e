import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import type { OrderProgress, OrderResult } from '../contracts/order.ts';
import { endingLine, progressLine } from './order-lines.ts';
import type { SubmittedOrder } from './submit-order.ts';

const RESULT = {
  orderId: 'order-7',
  reservationId: 'R-7',
  ticketId: 'TICKET-7',
  createAttempts: 1,
  voidedTicketIds: [],
};
const PROGRESS: OrderProgress = {
  orderId: 'order-7',
  phase: 'settling',
  detail: 'waits for the fence',
  createAttempts: 0,
  outcomes: [],
  voidedTicketIds: [],
  cancelRequested: false,
};

/** The line of an order that has its ticket. */
function ticketLine(result: Partial<OrderResult>, how: SubmittedOrder['how'] = 'started', width = 7): string {
  const ending = { kind: 'ticket', result: { ...RESULT, ...result } } as const;
  return stripVTControlCharacters(endingLine({ orderId: 'order-7', how }, ending, width));
}

describe('the line of an order that has ended', () => {
  test('has its ticket and how many creates it took', () => {
    expect(ticketLine({})).toBe('✓ order-7  TICKET-7  1 create');
    expect(ticketLine({ createAttempts: 3 })).toBe('✓ order-7  TICKET-7  3 creates');
    expect(ticketLine({ createAttempts: 0 })).toBe('✓ order-7  TICKET-7  the ticket was there before');
  });

  test('says what was voided, and that a cancellation came too late', () => {
    expect(ticketLine({ voidedTicketIds: ['A', 'B'], cancellation: 'came too late' })).toBe(
      '✓ order-7  TICKET-7  1 create, 2 voided, the cancellation came too late',
    );
  });

  test.each([
    ['resumed', 'resumed: an earlier run was closed without a result'],
    ['was running', 'was there: already running'],
    ['was completed', 'was there: already completed'],
  ] as const)('says of an order that %s what it met', (how, said) => {
    expect(ticketLine({}, how)).toBe(`✓ order-7  TICKET-7  ${said}, 1 create`);
  });

  test('says why there is no ticket', () => {
    const ending = {
      kind: 'no ticket',
      orderId: 'order-7',
      error: 'the card was declined',
      code: 'ORDER_REJECTED',
    } as const;
    const line = endingLine({ orderId: 'order-7', how: 'started' }, ending, 7);
    expect(stripVTControlCharacters(line)).toBe('✗ order-7  no ticket  the card was declined');
  });

  test('is as wide as the longest order id asks for', () => {
    expect(ticketLine({}, 'started', 10)).toBe('✓ order-7     TICKET-7  1 create');
  });
});

describe('the line of an order on its way', () => {
  test('has its phase, its create and what came of the last one', () => {
    const progress = { ...PROGRESS, createAttempts: 2, outcomes: ['not sent: refused', 'unknown: timed out'] };
    expect(stripVTControlCharacters(progressLine('order-7', progress, 8))).toBe(
      '… order-7   settling, create 2  last: unknown: timed out',
    );
    expect(stripVTControlCharacters(progressLine('order-7', PROGRESS, 7))).toBe('… order-7  settling');
  });

  test('says that no worker has answered', () => {
    expect(stripVTControlCharacters(progressLine('order-7', undefined, 7))).toBe(
      '… order-7  no word from a worker yet',
    );
  });
});

import { describe, expect, test } from '@jest/globals';
import type { OrderProgress } from '../../src/contracts/order.ts';
import type { EndingCode } from '../../src/starter/ending.ts';
import { promised, ticketless } from '../../testbed/database.fixture.ts';
import { printOrders, rowOf } from './order-table.ts';

const COMMITTED = 'committed: TICKET-1';
const UNKNOWN = 'unknown: timed out';
const NONE = new Map();

function progressWith(changed: Partial<OrderProgress>): OrderProgress {
  const phase = 'completed';
  const base = { orderId: 'order-1', phase, detail: '', createAttempts: 1, cancelRequested: false } as const;
  return { ...base, outcomes: [COMMITTED], voidedTicketIds: [], ...changed };
}

/** The row of an order that has TICKET-1. */
function rowWith(changed: Partial<OrderProgress>, lateVoids: ReadonlyMap<string, readonly string[]> = NONE) {
  return rowOf({ ...promised('order-1', 'TICKET-1'), progress: progressWith(changed) }, lateVoids);
}

describe('the row of an order', () => {
  test('without faults has one create, no failure and a validated ticket', () => {
    expect(rowWith({})).toEqual({
      orderId: 'order-1',
      creates: 1,
      failed: [],
      resolved: 'created and validated',
      ticketId: 'TICKET-1',
      voided: [],
    });
  });

  test('lists every create that failed, in order', () => {
    const outcomes = [UNKNOWN, 'not sent: refused', COMMITTED];
    expect(rowWith({ createAttempts: 3, outcomes })).toMatchObject({
      ...{ creates: 3, failed: [UNKNOWN, 'not sent: refused'], resolved: 'created and validated' },
    });
  });

  test('whose last create has an unknown outcome says that its ticket was found by validating', () => {
    expect(rowWith({ outcomes: [UNKNOWN] })).toMatchObject({ failed: [UNKNOWN], resolved: 'found by validating' });
  });

  test('counts the tickets that the order and its own late watch have voided', () => {
    const lateVoids = new Map([
      ['order-1', ['TICKET-3']],
      ['order-2', ['TICKET-4']],
    ]);
    expect(rowWith({ voidedTicketIds: ['TICKET-2'] }, lateVoids)).toMatchObject({
      ...{ resolved: 'created and validated, 2 surplus voided', voided: ['TICKET-2', 'TICKET-3'] },
    });
    expect(rowWith({}, lateVoids).resolved).toBe('created and validated, 1 surplus voided');
  });

  test.each<[string, string, EndingCode]>([
    ['no ticket', 'that was rejected', 'ORDER_REJECTED'],
    ['unknown', 'that was given up', 'GIVEN_UP'],
    ['unknown', 'that was terminated', 'TERMINATED'],
    ['unknown', 'whose end nobody knows', 'TEMPORAL_UNREACHABLE'],
  ])('says %s for an order %s', (resolved, _, code) => {
    const ended = { ...ticketless('order-1', 'declined', code), progress: progressWith({ outcomes: [COMMITTED] }) };
    expect(rowOf(ended, NONE)).toMatchObject({ resolved, ticketId: undefined });
  });

  test('without a result or a report does not know how many creates there were', () => {
    const row = rowOf(ticketless('order-1', 'terminated', 'TERMINATED'), NONE);
    expect(row.creates).toBeUndefined();
    const printed: string[] = [];
    printOrders([row], { line: (text = '') => printed.push(text) });
    expect(printed[1]).toBe('order-1  unknown          unknown');
  });

  test('has its ticket and the number of its creates even if no worker reported its progress, and does not say how it was found', () => {
    expect(rowOf(promised('order-1', 'TICKET-1'), NONE)).toMatchObject({
      ...{ creates: 1, ticketId: 'TICKET-1', resolved: 'completed' },
    });
  });
});

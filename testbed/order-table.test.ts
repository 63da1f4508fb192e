import { describe, expect, test } from '@jest/globals';
import type { OrderProgress } from '../src/contracts/order.ts';
import { promised, ticketless } from './database.fixture.ts';
import { scenarioOf } from './order-table.ts';

const COMMITTED = 'committed: TICKET-1';
const UNKNOWN = 'unknown: timed out';
const NONE = new Map();

function progressWith(changed: Partial<OrderProgress>): OrderProgress {
  const phase = 'completed';
  const base = { orderId: 'order-1', phase, detail: '', createAttempts: 1, cancelRequested: false } as const;
  return { ...base, outcomes: [COMMITTED], voidedTicketIds: [], ...changed };
}

/** The scenario of an order that has TICKET-1. */
function storyWith(changed: Partial<OrderProgress>, lateVoids: ReadonlyMap<string, readonly string[]> = NONE) {
  return scenarioOf({ ...promised('order-1', 'TICKET-1'), progress: progressWith(changed) }, lateVoids);
}

describe('the scenario of an order', () => {
  test('that met no trouble: one create, nothing failed, created and seen', () => {
    expect(storyWith({})).toEqual({
      orderId: 'order-1',
      creates: 1,
      failed: [],
      resolved: 'created and seen',
      ticketId: 'TICKET-1',
      voided: [],
    });
  });

  test('names every create that failed, in order', () => {
    const outcomes = [UNKNOWN, 'not sent: refused', COMMITTED];
    expect(storyWith({ createAttempts: 3, outcomes })).toMatchObject({
      ...{ creates: 3, failed: [UNKNOWN, 'not sent: refused'], resolved: 'created and seen' },
    });
  });

  test('whose last create is in unresolved: its ticket was found by validating', () => {
    expect(storyWith({ outcomes: [UNKNOWN] })).toMatchObject({ failed: [UNKNOWN], resolved: 'found by validating' });
  });

  test('counts what it voided itself and what its late watch voided, and no other order’s', () => {
    const lateVoids = new Map([
      ['order-1', ['TICKET-3']],
      ['order-2', ['TICKET-4']],
    ]);
    expect(storyWith({ voidedTicketIds: ['TICKET-2'] }, lateVoids)).toMatchObject({
      ...{ resolved: 'created and seen, 2 late ones voided', voided: ['TICKET-2', 'TICKET-3'] },
    });
    expect(storyWith({}, lateVoids).resolved).toBe('created and seen, 1 late one voided');
  });

  test('that ended without a ticket says so, and has none', () => {
    const ended = { ...ticketless('order-1', 'declined'), progress: progressWith({ outcomes: [COMMITTED] }) };
    expect(scenarioOf(ended, NONE)).toMatchObject({ resolved: 'no ticket', ticketId: undefined });
  });

  test('of which no worker told anything still has its ticket', () => {
    expect(scenarioOf(promised('order-1', 'TICKET-1'), NONE)).toMatchObject({ creates: 0, ticketId: 'TICKET-1' });
  });
});

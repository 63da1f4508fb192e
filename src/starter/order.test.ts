import { describe, expect, test } from '@jest/globals';
import type { OrderProgress } from '../contracts/order.ts';
import { orderKind } from './order.ts';

const PROGRESS: OrderProgress = {
  orderId: 'order-7',
  phase: 'settling',
  detail: 'checking for a ticket until the fence has passed',
  createAttempts: 4,
  outcomes: ['unknown: timed out', 'not sent: refused', 'unknown: timed out', 'unknown: timed out'],
  voidedTicketIds: [],
  cancelRequested: false,
};
const STATUS = { id: 'order-7', run: 'running', runId: 'run-1', pending: [], lateWatch: undefined };

describe('the status of an order', () => {
  test('shows the outcomes in order, and the same one several times in a row only once', () => {
    const rows = orderKind.statusRows({ ...STATUS, progress: PROGRESS, ending: undefined });
    expect(rows.filter(([label]) => label === '').map(([, outcome]) => outcome)).toEqual([
      'unknown: timed out',
      'not sent: refused',
      'unknown: timed out (2 times)',
    ]);
  });

  test('that ended without a ticket shows why', () => {
    const ending = { kind: 'no result', error: 'the card was declined', code: 'ORDER_REJECTED' } as const;
    const rows = orderKind.statusRows({ ...STATUS, progress: PROGRESS, ending });
    expect(rows).toContainEqual(['result', 'the card was declined']);
  });
});

import { afterEach, describe, expect, it } from '@jest/globals';
import { databaseWith } from '../../testbed/database.fixture.ts';
import { countOrders } from './count-orders.ts';
import type { EndedOrder } from './strategy-run.ts';

let remove = async () => {};
afterEach(() => remove());

function ended(orderId: string, reported: EndedOrder['reported'], tookMs = 0): EndedOrder {
  return { orderId, reported, tookMs };
}

describe('the counts of a strategy', () => {
  it('come from the files: one, several or no live tickets, whatever the strategy reports', async () => {
    const database = await databaseWith({
      one: ['TICKET-1'],
      'one-too-many': ['TICKET-2', 'TICKET-3'],
      'one-and-a-voided-one': ['TICKET-4', 'TICKET-5 voided'],
      'only-a-voided-one': ['TICKET-6 voided'],
      'reported-as-failed': ['TICKET-7'],
    });
    remove = database.remove;
    const counts = await countOrders(database.databaseDir, [
      ended('one', 'ticket', 10),
      ended('one-too-many', 'ticket', 20),
      ended('one-and-a-voided-one', 'ticket', 30),
      ended('only-a-voided-one', 'ticket', 40),
      ended('reported-as-failed', 'failure', 50),
      ended('never-received', 'failure', 60),
      ended('never-ended', 'unfinished', 300_000),
    ]);
    expect(counts).toMatchObject({
      ...{ orders: 7, exactlyOne: 3, duplicates: 1, lost: 3, voided: 2 },
      ...{ failed: 2, failedWithTicket: 1, unended: 1, p50Ms: 40, p95Ms: 300_000 },
    });
    expect(counts.exactlyOne + counts.duplicates + counts.lost).toBe(counts.orders);
  });
});

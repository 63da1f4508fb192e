import { afterEach, describe, expect, test } from '@jest/globals';
import { capturedStream } from '../../testbed/captured-stream.fixture.ts';
import { databaseWith, promised, type Tickets } from '../../testbed/database.fixture.ts';
import { createNarrator } from '../../testbed/narrator.ts';
import type { EndedOrder } from '../../testbed/play-orders.ts';
import { withActs } from './acts.ts';
import { report } from './report.ts';

let remove = async () => {};
afterEach(() => remove());

/** The result of a demo that ended this way, and the lines that it printed. */
async function reportOn(tickets: Tickets, ended: readonly EndedOrder[], inFlight?: number) {
  const { stream, lines } = capturedStream();
  const narrator = withActs(createNarrator(false, stream), undefined);
  const database = await databaseWith(tickets);
  remove = database.remove;
  const hit = inFlight === undefined ? {} : { inFlight };
  const options = { seed: 7, mode: 'none', faults: 'calm', ...hit } as const;
  return { ...(await report(database, { ended, lateVoids: new Map() }, narrator, options)), printed: lines() };
}

describe('the report of a demo', () => {
  test('is ok when the verdict has no problems, and contains the verdict', async () => {
    const { ok, summary, details } = await reportOn({ 'order-1': ['TICKET-1'] }, [promised('order-1', 'TICKET-1')]);
    expect({ ok, summary }).toEqual({ ok: true, summary: '1 order, 1 ticket, 0 duplicates, 0 lost' });
    expect(details).toMatchObject({
      ...{ seed: 7, mode: 'none', faults: 'calm', audit: { exactlyOne: 1, commits: 1 } },
      orders: [{ orderId: 'order-1', ticketId: 'TICKET-1' }],
    });
  });

  test.each<[string, readonly string[], string]>([
    ['an order has two tickets', ['TICKET-1', 'TICKET-2'], 'orders with more than one live ticket: 1'],
    ['an order has no ticket', [], 'orders without a live ticket: 1'],
    ['a returned ticket is voided', ['TICKET-1 voided', 'TICKET-2'], 'order-1 returned TICKET-1, which is voided'],
    ['a returned ticket is missing', ['TICKET-2'], 'order-1 returned TICKET-1, which is not in the database'],
  ])('is not ok and says so when %s', async (_, tickets, why) => {
    const { ok, printed } = await reportOn({ 'order-1': tickets }, [promised('order-1', 'TICKET-1')]);
    expect(ok).toBe(false);
    expect(printed).toContain(`  ${why}`);
  });

  test('has how many creates the kill of the worker has hit, and is not ok if it has hit none', async () => {
    const on = (inFlight: number) => reportOn({ 'order-1': ['TICKET-1'] }, [promised('order-1', 'TICKET-1')], inFlight);
    const hit = await on(2);
    expect(hit).toMatchObject({ ok: true, details: { inFlight: 2 } });
    await remove();
    const missed = await on(0);
    expect(missed).toMatchObject({ ok: false, summary: '1 order, 1 ticket, 0 duplicates, 0 lost, 1 problem' });
    expect(missed.details).toMatchObject({ inFlight: 0 });
    expect(missed.printed).toContain('  the worker was killed while no create was in flight');
  });
});

import { stripVTControlCharacters } from 'node:util';
import { afterEach, describe, expect, test } from '@jest/globals';
import { databaseWith, promised, type Tickets } from '../../testbed/database.fixture.ts';
import type { EndedOrder } from '../../testbed/follow-orders.ts';
import type { Narrator } from '../../testbed/narrator.ts';
import { report } from './report.ts';

let remove = async () => {};
afterEach(() => remove());

/** The result of a demo that has ended so, and the lines that were said. */
async function reportOn(tickets: Tickets, ended: readonly EndedOrder[]) {
  const said: string[] = [];
  const say = (line = '') => void said.push(stripVTControlCharacters(line));
  const narrator: Narrator = { step: say, line: say, heading: say, show: () => {}, end: () => {} };
  const database = await databaseWith(tickets);
  remove = database.remove;
  const options = { seed: 7, mode: 'none', faults: 'calm' } as const;
  return { ...(await report(database, { ended, lateVoids: new Map() }, narrator, options)), said };
}

describe('the report of a demo', () => {
  test('is ok when nothing speaks against the run, and sums it up', async () => {
    const { ok, summary, details } = await reportOn({ 'order-1': ['TICKET-1'] }, [promised('order-1', 'TICKET-1')]);
    expect({ ok, summary }).toEqual({ ok: true, summary: '1 orders, 1 tickets, 0 duplicates, 0 lost' });
    expect(details).toMatchObject({
      ...{ seed: 7, mode: 'none', faults: 'calm', audit: { exactlyOne: 1, commits: 1 } },
      orders: [{ orderId: 'order-1', ticketId: 'TICKET-1' }],
    });
  });

  test.each<[string, readonly string[], string]>([
    ['there is a duplicate', ['TICKET-1', 'TICKET-2'], '1 orders have more than one live ticket'],
    ['a ticket is lost', [], '1 orders have no live ticket'],
    ['a promised ticket is voided', ['TICKET-1 voided', 'TICKET-2'], 'order-1 was promised TICKET-1, which is voided'],
    ['a promised ticket is missing', ['TICKET-2'], 'order-1 was promised TICKET-1, which is not in the database'],
  ])('is not ok and says why when %s', async (_, tickets, why) => {
    const { ok, said } = await reportOn({ 'order-1': tickets }, [promised('order-1', 'TICKET-1')]);
    expect(ok).toBe(false);
    expect(said).toContain(`  ${why}`);
  });
});

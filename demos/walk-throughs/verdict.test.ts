import { afterEach, describe, expect, test } from '@jest/globals';
import { databaseWith, promised, type Tickets, ticketless } from '../../testbed/database.fixture.ts';
import type { EndedOrder } from '../../testbed/follow-orders.ts';
import { judge, verdictLine } from './verdict.ts';

let remove = async () => {};
afterEach(() => remove());

async function verdictOn(tickets: Tickets, ended: readonly EndedOrder[]) {
  const database = await databaseWith(tickets);
  remove = database.remove;
  return judge(database, ended);
}

describe('the verdict', () => {
  test('finds nothing wrong when every order has the one ticket that it was promised', async () => {
    const ended = [promised('order-1', 'TICKET-1'), promised('order-2', 'TICKET-2')];
    const verdict = await verdictOn({ 'order-1': ['TICKET-1'], 'order-2': ['TICKET-2', 'TICKET-3 voided'] }, ended);
    expect(verdict).toEqual({ orders: 2, tickets: 2, duplicates: 0, lost: 0, wrong: [] });
    expect(verdictLine(verdict)).toBe('2 orders, 2 tickets, 0 duplicates, 0 lost');
  });

  test('counts an order with two live tickets as a duplicate', async () => {
    const ended = [promised('order-1', 'TICKET-1'), promised('order-2', 'TICKET-3')];
    const verdict = await verdictOn({ 'order-1': ['TICKET-1', 'TICKET-2'], 'order-2': ['TICKET-3'] }, ended);
    expect(verdict).toEqual({
      ...{ orders: 2, tickets: 3, duplicates: 1, lost: 0 },
      wrong: ['1 orders have more than one live ticket'],
    });
    expect(verdictLine(verdict)).toBe('2 orders, 3 tickets, 1 duplicates, 0 lost');
  });

  test('counts an order of which the database knows nothing as lost', async () => {
    const ended = [promised('order-1', 'TICKET-1'), promised('order-2', 'TICKET-2')];
    const verdict = await verdictOn({ 'order-1': ['TICKET-1'] }, ended);
    expect(verdict).toEqual({
      ...{ orders: 2, tickets: 1, duplicates: 0, lost: 1 },
      wrong: ['1 orders have no live ticket', 'order-2 was promised TICKET-2, which is not in the database'],
    });
  });

  test('counts an order whose only ticket is voided as lost', async () => {
    const verdict = await verdictOn({ 'order-1': ['TICKET-1 voided'] }, [promised('order-1', 'TICKET-1')]);
    expect(verdict).toEqual({
      ...{ orders: 1, tickets: 0, duplicates: 0, lost: 1 },
      wrong: ['1 orders have no live ticket', 'order-1 was promised TICKET-1, which is voided'],
    });
  });

  test('speaks against an order whose promised ticket is voided, also when another one is live', async () => {
    const { lost, wrong } = await verdictOn({ 'order-1': ['TICKET-1 voided', 'TICKET-2'] }, [
      promised('order-1', 'TICKET-1'),
    ]);
    expect({ lost, wrong }).toEqual({ lost: 0, wrong: ['order-1 was promised TICKET-1, which is voided'] });
  });

  test('speaks against an order whose promised ticket is missing, also when another one is live', async () => {
    const { lost, wrong } = await verdictOn({ 'order-1': ['TICKET-2'] }, [promised('order-1', 'TICKET-1')]);
    expect({ lost, wrong }).toEqual({
      lost: 0,
      wrong: ['order-1 was promised TICKET-1, which is not in the database'],
    });
  });

  test('speaks against an order that ended without a ticket, also when the database has one', async () => {
    const { lost, wrong } = await verdictOn({ 'order-1': ['TICKET-1'] }, [ticketless('order-1', 'declined')]);
    expect({ lost, wrong }).toEqual({ lost: 0, wrong: ['order-1 ended without a ticket: declined'] });
  });

  test('repeats what the audit finds wrong with the files', async () => {
    const ended = [promised('order-1', 'TICKET-1'), promised('order-2', 'TICKET-1')];
    const { wrong } = await verdictOn({ 'order-1': ['TICKET-1'], 'order-2': ['TICKET-1'] }, ended);
    expect(wrong).toEqual(['ticket TICKET-1: more than one file has this id']);
  });
});

import { afterEach, describe, expect, test } from '@jest/globals';
import { databaseWith, promised, type Tickets, ticketless } from '../../testbed/database.fixture.ts';
import type { EndedOrder } from '../../testbed/play-orders.ts';
import { judge, verdictLine } from './verdict.ts';

let remove = async () => {};
afterEach(() => remove());

async function verdictOn(tickets: Tickets, ended: readonly EndedOrder[]) {
  const database = await databaseWith(tickets);
  remove = database.remove;
  return judge(database, ended);
}

describe('the verdict', () => {
  test('has no problems when every order has exactly the ticket that it returned', async () => {
    const ended = [promised('order-1', 'TICKET-1'), promised('order-2', 'TICKET-2')];
    const verdict = await verdictOn({ 'order-1': ['TICKET-1'], 'order-2': ['TICKET-2', 'TICKET-3 voided'] }, ended);
    expect(verdict).toEqual({ orders: 2, tickets: 2, duplicates: 0, lost: 0, problems: [] });
    expect(verdictLine(verdict)).toBe('2 orders, 2 tickets, 0 duplicates, 0 lost');
  });

  test('counts an order with two live tickets as a duplicate', async () => {
    const ended = [promised('order-1', 'TICKET-1'), promised('order-2', 'TICKET-3')];
    const verdict = await verdictOn({ 'order-1': ['TICKET-1', 'TICKET-2'], 'order-2': ['TICKET-3'] }, ended);
    expect(verdict).toEqual({
      ...{ orders: 2, tickets: 3, duplicates: 1, lost: 0 },
      problems: ['orders with more than one live ticket: 1'],
    });
    expect(verdictLine(verdict)).toBe('2 orders, 3 tickets, 1 duplicate, 0 lost');
  });

  test('counts an order without files as lost', async () => {
    const ended = [promised('order-1', 'TICKET-1'), promised('order-2', 'TICKET-2')];
    const verdict = await verdictOn({ 'order-1': ['TICKET-1'] }, ended);
    expect(verdict).toEqual({
      ...{ orders: 2, tickets: 1, duplicates: 0, lost: 1 },
      problems: ['orders without a live ticket: 1', 'order-2 returned TICKET-2, which is not in the database'],
    });
  });

  test('counts an order whose only ticket is voided as lost', async () => {
    const verdict = await verdictOn({ 'order-1': ['TICKET-1 voided'] }, [promised('order-1', 'TICKET-1')]);
    expect(verdict).toEqual({
      ...{ orders: 1, tickets: 0, duplicates: 0, lost: 1 },
      problems: ['orders without a live ticket: 1', 'order-1 returned TICKET-1, which is voided'],
    });
  });

  test('reports an order whose returned ticket is voided, even if another one is live', async () => {
    const verdict = await verdictOn({ 'order-1': ['TICKET-1 voided', 'TICKET-2'] }, [promised('order-1', 'TICKET-1')]);
    expect(verdict).toMatchObject({ lost: 0, problems: ['order-1 returned TICKET-1, which is voided'] });
    expect(verdictLine(verdict)).toBe('1 order, 1 ticket, 0 duplicates, 0 lost, 1 problem');
  });

  test('reports an order whose returned ticket is missing, even if another one is live', async () => {
    const { lost, problems } = await verdictOn({ 'order-1': ['TICKET-2'] }, [promised('order-1', 'TICKET-1')]);
    expect({ lost, problems }).toEqual({
      lost: 0,
      problems: ['order-1 returned TICKET-1, which is not in the database'],
    });
  });

  test('reports an order that ended without a ticket, even if the database has one', async () => {
    const { lost, problems } = await verdictOn({ 'order-1': ['TICKET-1'] }, [ticketless('order-1', 'declined')]);
    expect({ lost, problems }).toEqual({ lost: 0, problems: ['order-1 ended without a ticket: declined'] });
  });

  test('reports an order that has its ticket by what a person said, even if the ticket is there', async () => {
    const { orderId, ending, progress } = promised('order-1', 'TICKET-1');
    if (ending.kind !== 'result') throw new Error('it has no result');
    const resolution = { reason: 'seen', by: 'Ada', atMs: 1 };
    const claimed = { orderId, progress, ending: { ...ending, result: { ...ending.result, resolution } } };
    const { problems } = await verdictOn({ 'order-1': ['TICKET-1'] }, [claimed]);
    expect(problems).toEqual(['order-1 has TICKET-1 by what Ada said, which is no proof']);
  });

  test('includes the problems that the audit finds', async () => {
    const ended = [promised('order-1', 'TICKET-1'), promised('order-2', 'TICKET-1')];
    const { problems } = await verdictOn({ 'order-1': ['TICKET-1'], 'order-2': ['TICKET-1'] }, ended);
    expect(problems).toEqual(['ticket TICKET-1: more than one file has this id']);
  });
});

import { describe, expect, test } from '@jest/globals';
import { countOrders } from './audited-orders.ts';

type Run = Parameters<typeof countOrders>[0] extends AsyncIterable<infer Each> | Iterable<infer Each> ? Each : never;
type StatusName = Run['status']['name'];

const CLAIM = { none: true, reason: 'nothing in the back office', by: 'Ada', atMs: 7_000 } as const;

const run = (workflowId: string, name: StatusName, startedAtMs = 1_000, memo: Run['memo'] = {}): Run => ({
  ...{ workflowId, runId: `${workflowId}-${startedAtMs}`, startTime: new Date(startedAtMs), memo },
  status: { name, code: 0 },
});
const never = async () => false;
const NONE = { orders: 1, oneTicket: 0, noTicket: 0, unknown: 0, open: 0, claims: [] };

describe('orders are counted', () => {
  test.each([
    ['COMPLETED', 'oneTicket'],
    ['CANCELLED', 'noTicket'],
    ['RUNNING', 'open'],
    ['CONTINUED_AS_NEW', 'open'],
    ['TERMINATED', 'unknown'],
    ['TIMED_OUT', 'unknown'],
    ['FAILED', 'unknown'],
  ] as const)('%s as %s', async (name, as) => {
    expect(await countOrders([run('order-1', name)], never)).toEqual({ ...NONE, [as]: 1 });
  });

  test('as without a ticket when a run that failed has found that out', async () => {
    expect(await countOrders([run('order-1', 'FAILED')], async () => true)).toEqual({ ...NONE, noTicket: 1 });
  });

  test.each(['COMPLETED', 'FAILED'] as const)(
    'as claimed, and as nothing else, when they are %s by a claim',
    async (name) => {
      const claimed = run('order-1', name, 1_000, { claim: CLAIM });
      expect(await countOrders([claimed], never)).toEqual({ ...NONE, claims: [{ orderId: 'order-1', ...CLAIM }] });
    },
  );

  test('once, by their latest run: a claim about an earlier one is forgotten', async () => {
    const runs = [run('order-1', 'FAILED', 1_000, { claim: CLAIM }), run('order-1', 'COMPLETED', 2_000)];
    expect(await countOrders(runs, never)).toEqual({ ...NONE, oneTicket: 1 });
    expect(await countOrders(runs.toReversed(), never)).toEqual({ ...NONE, oneTicket: 1 });
  });

  test('by their status when their memo is no claim of ours', async () => {
    const foreign = run('order-1', 'COMPLETED', 1_000, { claim: { none: true, ticketId: 'T-1', by: 7 } });
    expect(await countOrders([foreign], never)).toEqual({ ...NONE, oneTicket: 1 });
  });
});

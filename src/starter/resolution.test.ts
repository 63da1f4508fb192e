import { describe, expect, it } from '@jest/globals';
import type { OrderResult } from '../contracts/order.ts';
import { clockText } from '../contracts/times.ts';
import { orderKind } from './order.ts';
import { claimOf } from './resolution.ts';

const RECORD = { reason: 'seen in the back office', by: 'Ada', atMs: 1_700_000_000_000 };
const RESULT: OrderResult = {
  orderId: 'order-7',
  reservationId: 'R-7',
  ticketId: 'TICKET-7',
  createAttempts: 1,
  voidedTicketIds: [],
};
const WITH_TICKET = { kind: 'result', result: { ...RESULT, resolution: RECORD } } as const;
const WITHOUT = { kind: 'no result', error: 'as Ada says', code: 'RESOLVED_WITHOUT_TICKET', details: RECORD } as const;
const STATUS = {
  ...{ id: 'order-7', run: 'closed', runId: 'run-1', startedAtMs: 0, closedAtMs: 1, waits: [] },
  ...{ progress: undefined, lateWatch: undefined },
};
const SAID = [
  ['claimed by', `Ada, ${clockText(RECORD.atMs, Date.now())}`],
  ['reason', 'seen in the back office'],
];

describe('the status of an order that a person resolved', () => {
  it('with a ticket says that it is a claim, whose, when and why, and what checks it', () => {
    const rows = orderKind.statusRows({ ...STATUS, ending: WITH_TICKET });
    expect(rows.slice(0, 3)).toEqual([['ticket', 'TICKET-7: a claim, not proof; the late watch checks it'], ...SAID]);
    expect(orderKind.statusJson({ ...STATUS, ending: WITH_TICKET })).toMatchObject({
      resolution: { ticketId: 'TICKET-7', ...RECORD },
    });
  });

  it.each([
    ['running', 'checks it'],
    ['completed', 'found it live'],
    ['failed', 'did not confirm it'],
  ])('with a ticket whose late watch is %s says that it %s', (run, says) => {
    const [ticket] = orderKind.statusRows({ ...STATUS, ending: WITH_TICKET, lateWatch: { run, waits: [] } });
    expect(ticket).toEqual(['ticket', `TICKET-7: a claim, not proof; the late watch ${says}`]);
  });

  it('without a ticket says the same, that nothing watches, and what to do', () => {
    const rows = orderKind.statusRows({ ...STATUS, ending: WITHOUT });
    expect(rows.slice(0, 3)).toEqual([
      [
        'ticket',
        expect.stringMatching(/^none: a claim, not proof; nothing watches.*Submit the order again to find out$/),
      ],
      ...SAID,
    ]);
    expect(orderKind.statusJson({ ...STATUS, ending: WITHOUT })).toMatchObject({
      ending: { kind: 'unknown', code: 'RESOLVED_WITHOUT_TICKET' },
      resolution: { none: true, ...RECORD },
    });
  });
});

describe('a claim', () => {
  it.each([
    ['an order that completed by itself', { kind: 'result', result: RESULT }],
    ['an order that was given up', { ...WITHOUT, code: 'GIVEN_UP' }],
    ['a failure whose details are not ours', { ...WITHOUT, details: { by: 7 } }],
    ['an open order', undefined],
  ] as const)('is not read from %s', (_, ending) => {
    expect(claimOf(ending)).toBeUndefined();
  });

  it('in a list is not shown as a ticket alone', () => {
    expect(orderKind.resultCell(WITH_TICKET.result)).toBe('TICKET-7, as Ada says');
    expect(orderKind.resultState(WITH_TICKET.result)).toBe('resolved');
  });
});

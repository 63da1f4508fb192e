import { describe, expect, test } from '@jest/globals';
import { isContradicted, isGood, type Verdict, verdictLine } from './verdict.ts';

const SAID = { orderId: 'order-7', reason: 'seen', by: 'Ada', atMs: 7_000 };
const NONE = { ...SAID, none: true } as const;
const TICKET = { ...SAID, ticketId: 'T-1' };
const found = (...live: readonly string[]) => ({ orderId: 'order-7', live: [...live], voided: [], problems: [] });

const TICKETS = { orders: 3, exactlyOne: 2, duplicates: 0, missing: 1, voided: 0, sends: 3, commits: 2, inFlight: 0 };
const VERDICT: Verdict = {
  ...{ orders: 3, oneTicket: 2, noTicket: 0, unknown: 0, open: 0, ticketSystem: TICKETS },
  claims: [{ claim: NONE, found: found() }],
};

describe('a claim', () => {
  test.each([
    ['no ticket', NONE, [], false],
    ['no ticket', NONE, ['T-1'], true],
    ['a ticket', TICKET, ['T-1'], false],
    ['a ticket', TICKET, [], true],
    ['a ticket', TICKET, ['T-2'], true],
    ['a ticket', TICKET, ['T-1', 'T-2'], true],
  ] as const)('of %s is compared with the live tickets (%#)', (_, claim, live, contradicted) => {
    expect(isContradicted({ claim, found: found(...live) })).toBe(contradicted);
  });
});

describe('the verdict', () => {
  test('never counts a claim among the orders with a ticket or without one', () => {
    expect(verdictLine(VERDICT)).toBe('3 orders: 2 with one ticket, 1 claimed');
    expect(isGood(VERDICT)).toBe(true);
  });

  test('counts orders without a ticket, unknown and open ones where there are any', () => {
    const counts = { orders: 7, oneTicket: 1, noTicket: 1, unknown: 2, open: 3, claims: [] };
    expect(verdictLine({ ...VERDICT, ...counts })).toBe('7 orders: 1 with one ticket, 1 without, 2 unknown, 3 open');
  });

  test('says that a claim is contradicted', () => {
    const contradicted = { ...VERDICT, claims: [{ claim: NONE, found: found('T-1') }] };
    expect(verdictLine(contradicted)).toContain('1 claimed (1 contradicted)');
    expect(isGood(contradicted)).toBe(false);
  });

  test.each([
    ['an order whose end is unknown', { unknown: 1 }],
    ['a duplicate', { ticketSystem: { ...TICKETS, duplicates: 1 } }],
    ['a ticket system that does not respond', { ticketSystem: undefined }],
    ['a damaged file', { claims: [{ claim: NONE, found: { ...found(), problems: ['it is not JSON'] } }] }],
  ])('is not good with %s', (_, wrong) => {
    expect(isGood({ ...VERDICT, ...wrong })).toBe(false);
  });
});

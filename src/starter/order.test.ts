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
const STATUS = {
  id: 'order-7',
  run: 'running',
  runId: 'run-1',
  startedAtMs: 0,
  closedAtMs: undefined,
  waits: [],
  lateWatch: undefined,
};

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

describe('the JSON of a status of an order without a result', () => {
  test.each([
    ['ORDER_REJECTED', 'no ticket'],
    ['CANCELLED', 'no ticket'],
    ['GIVEN_UP', 'unknown'],
    ['TERMINATED', 'unknown'],
  ] as const)('with code %s has the kind %j', (code, kind) => {
    const ending = { kind: 'no result', error: 'the reason', code } as const;
    expect(orderKind.statusJson({ ...STATUS, progress: undefined, ending })).toMatchObject({ ending: { kind, code } });
  });
});

describe('what an order says that it waits for', () => {
  test.each([
    ['settling', { kind: 'fence', untilMs: 7_000 }],
    ['backing off', { kind: 'next create', untilMs: 7_000 }],
    ['final check', { kind: 'final check', untilMs: 7_000 }],
    ['creating', undefined],
  ] as const)('in the phase %j is %j', (phase, wait) => {
    expect(orderKind.progressWait({ ...PROGRESS, phase, untilMs: 7_000 }, 5_000)).toEqual(wait);
  });

  test('is the fence also while it checks for a ticket between the pauses of settling', () => {
    const checking = { ...PROGRESS, phase: 'validating', untilMs: 7_000 } as const;
    expect(orderKind.progressWait(checking, 6_999)).toEqual({ kind: 'fence', untilMs: 7_000 });
    expect(orderKind.progressWait(checking, 7_000)).toBeUndefined();
  });

  test('is no fence while it checks for the ticket of a create that was committed', () => {
    const checking = { ...PROGRESS, phase: 'validating', fenceMs: 7_000 } as const;
    expect(orderKind.progressWait(checking, 5_000)).toBeUndefined();
  });
});

test.each([
  ['not sent: its deadline passed before it was sent', /worker is overloaded, or its clock is ahead.*CLOCK_SKEW_MS/],
  ['unknown: the response was 408 DEADLINE_PASSED', /ticket system's clock is ahead; .*CLOCK_SKEW_MS/],
  ['unknown: the response was 400 DEADLINE_TOO_FAR', /ticket system's clock is behind; .*CLOCK_SKEW_MS/],
])('an order whose last create was %j names the clocks', (outcome, problem) => {
  const rows = orderKind.statusRows({ ...STATUS, progress: { ...PROGRESS, outcomes: [outcome] }, ending: undefined });
  expect(rows).toContainEqual(['clocks', expect.stringMatching(problem)]);
});

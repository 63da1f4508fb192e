import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import type { OrderProgress } from '../contracts/order.ts';
import type { Inspection } from './inspection.ts';
import { orderKind } from './order.ts';
import { progressLines } from './progress-lines.ts';
import type { Wait } from './wait.ts';

const NOW = 1_700_000_000_000;

const PROGRESS: OrderProgress = {
  orderId: 'order-7',
  phase: 'settling',
  detail: 'checking for a ticket until the fence has passed',
  createAttempts: 0,
  outcomes: [],
  voidedTicketIds: [],
  cancelRequested: false,
};

/** An order that does something, and what it waits for by its own account. */
function at(progress: Partial<OrderProgress>, ...waits: readonly Wait[]): Inspection<OrderProgress> {
  return { progress: { ...PROGRESS, ...progress }, waits };
}

const waitsForWorker: Inspection<OrderProgress> = {
  progress: undefined,
  waits: [{ kind: 'worker', taskQueue: 'orders' }],
};
const fails: Inspection<OrderProgress> = {
  progress: undefined,
  waits: [{ kind: 'workflow task', attempt: 4, error: 'RangeError: Division by zero' }],
};
const retries: Inspection<OrderProgress> = {
  ...at({ phase: 'preparing' }),
  waits: [
    {
      ...{ kind: 'activity', activity: 'getToken', attempt: 4, state: 'backing off' },
      ...{
        error: 'POST http://127.0.0.1:3999/tokens: connect ECONNREFUSED 127.0.0.1:3999',
        nextAttemptMs: NOW + 1_800,
      },
    },
  ],
};

/** What is shown of these open orders, of `total`. */
function shownOf(
  open: Readonly<Record<string, Inspection<OrderProgress> | undefined>>,
  total: number,
  facts: readonly string[] = [],
) {
  const { lines, summary } = progressLines({
    ...{ kind: orderKind, total, facts, nowMs: NOW, elapsedMs: 14_000 },
    open: new Map(Object.entries(open)),
  });
  return {
    lines: lines.map((line) => stripVTControlCharacters(line)),
    summary: summary && stripVTControlCharacters(summary),
  };
}

describe('the line of an order that is open', () => {
  test.each<[string, Inspection<OrderProgress> | undefined, RegExp]>([
    [
      'shows its phase, its create and the last outcome',
      at({ phase: 'creating', createAttempts: 2, outcomes: ['not sent: refused', 'unknown: timed out'] }),
      /^… order-7 {2}14 s {2}creating, create 2 · last: unknown: timed out$/,
    ],
    [
      'shows for how long it settles',
      at({}, { kind: 'fence', untilMs: NOW + 3_000 }),
      /^… order-7 {2}14 s {2}settling · the fence, until \d\d:\d\d:\d\d \(in 3\.0 s\)$/,
    ],
    ['says that it waits for a worker', waitsForWorker, /^… order-7 {2}14 s {2}no worker polls the task queue orders /],
    [
      'shows the attempt and the error of an activity that is retried, and when it is tried again',
      retries,
      /^! order-7 {2}14 s {2}getToken attempt 4: connect ECONNREFUSED 127\.0\.0\.1:3999 · next in 1\.8 s$/,
    ],
    [
      'shows why its workflow task fails',
      fails,
      /^! order-7 {2}14 s {2}its workflow task fails: RangeError: Division by zero/,
    ],
    [
      'says that its workflow task is repeated because its worker was killed',
      { progress: undefined, waits: [{ kind: 'repeated workflow task', attempt: 2 }] },
      /^! order-7 {2}14 s {2}attempt 2 of its workflow task: an earlier one timed out$/,
    ],
    ['says that it is submitted as long as nothing else is known', undefined, /^… order-7 {2}14 s {2}submitted$/],
  ])('%s', (_, inspection, line) => {
    const { lines, summary } = shownOf({ 'order-7': inspection }, 1);
    expect(lines).toEqual([expect.stringMatching(line)]);
    expect(summary).toBeUndefined();
  });
});

test.each([1, 2])('when Temporal does not respond, the first line says so, of %d orders', (total) => {
  const open = new Map([['order-7', at({})]]);
  const { lines } = progressLines({
    ...{ kind: orderKind, total, open, facts: [], nowMs: NOW, elapsedMs: 14_000, silentForMs: 4_200 },
  });
  expect(lines.map((line) => stripVTControlCharacters(line))).toEqual([
    '! Temporal has not responded for 4.2 s; what was known before:',
    expect.stringMatching(/^… order-7 .*settling/),
  ]);
});

describe('of several orders', () => {
  const { lines, summary } = shownOf(
    {
      ...{ 'order-9': waitsForWorker, 'order-10': at({ createAttempts: 1 }), 'order-11': retries },
      ...Object.fromEntries(Array.from({ length: 8 }, (_, index) => [`order-${index + 12}`, waitsForWorker])),
      ...{ 'order-20': at({}) },
    },
    20,
    ['0 duplicates'],
  );

  test('those that have trouble come first, and those that wait for a worker share the last line', () => {
    expect(lines).toEqual([
      expect.stringMatching(/^! order-11 {2}getToken attempt 4: connect ECONNREFUSED/),
      '… order-10  settling, create 1',
      '… order-20  settling',
      '… 9 orders wait for a worker  order-9 order-12 order-13 order-14 order-15 …',
    ]);
  });

  test('the summary counts what they do', () => {
    expect(summary).toBe('8/20 done · 2 settling · 1 retrying · 9 waiting for a worker · 0 duplicates · 14 s');
  });

  test('those of which nothing is known yet share a line, too', () => {
    const { lines } = shownOf({ 'order-1': undefined, 'order-2': at({}), 'order-3': undefined }, 3);
    expect(lines).toEqual(['… order-2  settling', '… 2 orders were submitted  order-1 order-3']);
    expect(shownOf({ 'order-1': undefined }, 2).lines).toEqual(['… 1 order was submitted  order-1']);
  });

  test('one that waits for a worker is one order', () => {
    expect(shownOf({ 'order-7': waitsForWorker }, 2)).toEqual({
      lines: ['… 1 order waits for a worker  order-7'],
      summary: '1/2 done · 1 waiting for a worker · 14 s',
    });
  });
});

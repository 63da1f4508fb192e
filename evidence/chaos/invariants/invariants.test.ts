import { describe, expect, it } from '@jest/globals';
import type { Closing, Evidence, OrderEvidence, RunEvidence, StoredFile } from '../evidence/evidence.ts';
import { cardNumbersIn, withPayloadsDecoded } from './card-numbers.ts';
import { checkAll, type Invariant } from './check-all.ts';

const CARD = 'VISA-1234-5678-9012-2526';
const MADE_AT = '2026-01-01T00:00:01.000Z';
const LATER = '2026-01-01T00:00:09.000Z';
const CALM_AT_MS = Date.parse('2026-01-01T00:00:20.000Z');

const file = (path: string, record: object): StoredFile => ({ path, text: JSON.stringify(record, null, 2) });
const reservation = (orderID: string, guarantee: string) =>
  file(`reservations/${orderID}.json`, { orderID, reservationID: `R-${orderID}`, guarantee });
const ticket = (orderID: string, ticketID: string, change: object = {}) =>
  file(`tickets/${orderID}/R-${orderID}-${ticketID}.json`, {
    ...{ orderID, ticketID, paymentInfo: 'VISA-****-****-****-2526', reservationID: `R-${orderID}` },
    ...{ createdAt: MADE_AT, requestID: `run/${ticketID}/1`, ...change },
  });
const voided = (orderID: string, ticketID: string, voidedAt = LATER) =>
  file(`tickets/${orderID}/R-${orderID}-${ticketID}.void.json`, {
    ...{ orderID, ticketID, keep: null, voidedAt, requestID: 'run/9/1' },
  });
const ledger = (...requestIds: string[]): StoredFile => ({
  path: 'ledger.jsonl',
  text: requestIds
    .map((requestID) => `${JSON.stringify({ kind: 'received', at: MADE_AT, orderID: 'one', requestID })}\n`)
    .join(''),
});

const closed = (as: Closing['as'], change: Partial<Closing> = {}): Closing => ({ atMs: CALM_AT_MS, as, ...change });
const completed = (orderId: string, ticketId: string): Closing =>
  closed('completed', { result: { orderId, reservationId: `R-${orderId}`, ticketId } });
const run = (closing: Closing | undefined, change: Partial<RunEvidence> = {}): RunEvidence => ({
  ...{ runId: 'run', startedAtMs: 0, resumed: false, cancelRequested: false, steps: [] },
  ...{ closing, ...change },
});
const order = (orderId: string, runs: readonly RunEvidence[], change: Partial<OrderEvidence> = {}): OrderEvidence => ({
  ...{ orderId, asked: { cancel: false }, answers: [], runs, watches: [] },
  ...change,
});
const evidence = (change: Partial<Evidence>): Evidence => ({
  ...{ orders: [], files: [], calmAtMs: CALM_AT_MS, endsWithinMs: 10_000, settleMs: 1_000, inFlight: 0 },
  ...change,
});

const look = (...live: string[]) => ({ kind: 'look', live, voided: [] }) as const;
const create = { kind: 'create', activityId: '5', atMs: 0, deadlineMs: 2_000, outcomeKnown: true } as const;
const lost = { ...create, outcomeKnown: false };
/** An order whose first create was lost, and which creates again so long after. */
const createsAgain = (guarantee: string, atMs: number, ...earlierRuns: RunEvidence[]) =>
  evidence({
    orders: [
      order('one', [
        ...earlierRuns,
        run(completed('one', 'T1'), {
          steps: [...(earlierRuns.length > 0 ? [] : [lost]), { ...create, atMs }],
          resumed: earlierRuns.length > 0,
        }),
      ]),
    ],
    files: [reservation('one', guarantee), ticket('one', 'T1')],
  });
const wasRejected = closed('failed', { failureType: 'OrderRejected' });

/** One order of every kind, all of them in order. */
const HEALTHY = evidence({
  orders: [
    order('one', [run(completed('one', 'T1'), { steps: [look(), create, look('T1')] })], { answers: ['T1', 'T1'] }),
    order('declined', [run(wasRejected, { steps: [create, { kind: 'create refused' }, look()] })]),
    order('cancelled', [run(closed('cancelled'), { cancelRequested: true })], { asked: { cancel: true } }),
    order(
      'resumed',
      [run(closed('terminated')), run(completed('resumed', 'T3'), { runId: 'run-2', resumed: true, startedAtMs: 1 })],
      { watches: [{ workflowId: 'resumed:late-watch:run-2', closing: closed('completed') }] },
    ),
  ],
  files: [
    ...[reservation('one', 'deadline'), ticket('one', 'T1')],
    ...[reservation('declined', 'none'), reservation('cancelled', 'none')],
    ...[ticket('cancelled', 'T2'), voided('cancelled', 'T2')],
    ...[reservation('resumed', 'none'), ticket('resumed', 'T3'), ticket('resumed', 'T4'), voided('resumed', 'T4')],
    { path: 'tickets/one/.half-written', text: '{' },
    ledger('run/5/1', 'run/9/1'),
  ],
});

const changed = (change: Partial<Evidence>): Evidence => ({ ...HEALTHY, ...change });
const withFiles = (...files: StoredFile[]) => changed({ files: [...HEALTHY.files, ...files] });
const withoutFile = (path: string) => changed({ files: HEALTHY.files.filter((each) => each.path !== path) });
const withOrder = (...runs: RunEvidence[]) => evidence({ orders: [order('one', runs)], files: [ticket('one', 'T1')] });

/** For each invariant systems that break it, and nothing else unless it is said. */
const BROKEN: Readonly<Record<Exclude<Invariant, 'I8'>, Readonly<Record<string, Evidence>>>> = {
  I1: {
    'a second live ticket': withFiles(ticket('cancelled', 'T9'), voided('cancelled', 'T9'), ticket('resumed', 'T9')),
    'a cancelled order whose ticket was not voided': withoutFile('tickets/cancelled/R-cancelled-T2.void.json'),
    'a rejected order that has a ticket': withFiles(ticket('declined', 'T9')),
    'a ticket of an order that nobody has submitted': withFiles(ticket('nobody', 'T9')),
  },
  I2: {
    'a ticket that is not the one stored': changed({
      orders: [...HEALTHY.orders.slice(1), order('one', [run(completed('one', 'T8'))])],
    }),
    'another ticket for the second submission': changed({
      orders: [...HEALTHY.orders.slice(1), order('one', [run(completed('one', 'T1'))], { answers: ['T1', 'T2'] })],
    }),
    'a ticket of another reservation': changed({
      orders: [
        ...HEALTHY.orders.slice(1),
        order('one', [run(closed('completed', { result: { reservationId: 'R-2', ticketId: 'T1' } }))]),
      ],
    }),
  },
  I3: { 'a create that was received twice': withFiles({ ...ledger('run/5/1', 'run/5/1'), path: 'ledger.jsonl' }) },
  I4: {
    'a create beside a ticket that was seen': withOrder(
      run(completed('one', 'T1'), { steps: [look('T1'), look(), create] }),
    ),
    'a create beside the ticket that stayed': withOrder(
      run(completed('one', 'T1'), { steps: [look('T1', 'T2'), { kind: 'void', ticketId: 'T2' }, create] }),
    ),
  },
  I5: {
    'a ticket cut short': withFiles({ path: 'tickets/declined/R-declined-T9.json', text: '{"orderID": "decl' }),
    'a void without a field': withFiles(file('tickets/one/R-one-T1.void.json', { orderID: 'one' })),
    'a void without its ticket': withFiles(voided('one', 'T9')),
    'a reservation of another order': withFiles(file('reservations/two.json', { orderID: 'three' })),
    'a torn ledger': withFiles({ path: 'ledger.jsonl', text: '{"kind":"rec' }),
    'a line of the ledger that is none': withFiles({ path: 'ledger.jsonl', text: 'x\n' }),
  },
  I7: {
    'an order that is open': evidence({ orders: [order('one', [run(undefined)])] }),
    'an order that ended too late': withOrder(run({ ...completed('one', 'T1'), atMs: CALM_AT_MS + 10_001 })),
    'a late watch that is open': evidence({
      orders: [order('one', [run(closed('cancelled'))], { watches: [{ workflowId: 'w', closing: undefined }] })],
    }),
    'a ticket system that does not come to rest': changed({ inFlight: 1 }),
  },
  ending: {
    'a cancellation that nobody asked for': evidence({ orders: [order('one', [run(closed('cancelled'))])] }),
    'a rejection without a refused create': evidence({
      orders: [order('one', [run(wasRejected, { steps: [create] })])],
    }),
    'an order that was never begun': evidence({ orders: [order('one', [])] }),
    'an error of ours': withOrder(run(closed('failed', { failureType: 'TypeError' }))),
    'a termination without a resubmission': withOrder(run(closed('terminated'))),
    'a completed order that is run again': withOrder(
      run(completed('one', 'T1')),
      run(completed('one', 'T1'), { resumed: true }),
    ),
    'a resumed run that was not told so': withOrder(run(closed('terminated')), run(completed('one', 'T1'))),
    'a cancellation passed over in silence': withOrder(run(completed('one', 'T1'), { cancelRequested: true })),
    'a watch whose ticket is gone': evidence({
      orders: [
        order('one', [run(completed('one', 'T1'))], {
          watches: [{ workflowId: 'w', closing: closed('failed', { failureType: 'PromisedTicketGone' }) }],
        }),
      ],
      files: [ticket('one', 'T1')],
    }),
  },
  fence: {
    'a create before the deadline of a lost one': createsAgain('deadline', 1_999),
    'a create before a service without promises has settled': createsAgain('none', 2_999),
    'a resumed run that does not wait for the create of the earlier one': createsAgain(
      'deadline',
      1_000,
      run(closed('terminated'), { steps: [lost] }),
    ),
  },
  'two live': {
    'a second ticket while the first one was live': withFiles(
      ticket('one', 'T9', { createdAt: '2026-01-01T00:00:05.000Z' }),
      voided('one', 'T9'),
    ),
  },
};

it('what a healthy system has left behind violates nothing', () => {
  expect(checkAll(HEALTHY)).toEqual([]);
});

it.each<[string, Evidence]>([
  ['past the fence', createsAgain('deadline', 2_001)],
  ['when a service without promises has settled', createsAgain('none', 3_001)],
  ['at once under a key', createsAgain('idempotency-key', 100)],
])('nor does an order that creates again %s', (_, healthy) => {
  expect(checkAll(healthy)).toEqual([]);
});

describe.each(Object.entries(BROKEN))('%s is reported of', (invariant, systems) => {
  it.each(Object.entries(systems))('%s', (_, broken) => {
    expect(checkAll(broken).map((found) => found.invariant)).toContain(invariant);
  });
});

describe('I8', () => {
  const cards = new Set([CARD]);
  const digits = CARD.replace(/\D/g, '');

  it.each(
    Object.entries({
      'as it is': `x ${CARD} y`,
      'of a card that nobody knows of': 'VISA-9999-9999-9999-9999',
      'as digits': `{"card": ${digits}}`,
      'within other digits': `17${digits}00`,
      'within a payload': withPayloadsDecoded(`{"data":"${Buffer.from(CARD).toString('base64')}"}`),
    }),
  )('is reported of a card number %s', (_, text) => {
    expect(cardNumbersIn('a log', text, cards)).toEqual([{ what: 'a log holds a whole card number' }]);
  });

  it('is silent about masked numbers, times and ids', () => {
    const text = 'VISA-****-****-****-2526 1767225600000 2026-01-01T00:00:00.000Z 01a2033d-443d-774f-a397-fd1294bbe49a';
    expect(cardNumbersIn('a log', text, cards)).toEqual([]);
  });
});

import { describe, expect, it } from '@jest/globals';
import type { Closing, OrderEvidence, RoundEvidence, RunEvidence, StoredFile } from '../collect/round-evidence.ts';
import { cardNumbersIn, withPayloadsDecoded } from './card-numbers.ts';
import { checkAll, type Invariant } from './check-all.ts';

const CARD = 'VISA-1234-5678-9012-2526';
const CREATED_AT = '2026-01-01T00:00:01.000Z';
const LATER = '2026-01-01T00:00:09.000Z';
const CALM_AT_MS = Date.parse('2026-01-01T00:00:20.000Z');

const file = (path: string, record: object): StoredFile => ({ path, text: JSON.stringify(record, null, 2) });
const reservation = (orderID: string, guarantee: string) =>
  file(`reservations/${orderID}.json`, { orderID, reservationID: `R-${orderID}`, guarantee });
const ticket = (orderID: string, ticketID: string, change: object = {}) =>
  file(`tickets/${orderID}/R-${orderID}-${ticketID}.json`, {
    ...{ orderID, ticketID, paymentInfo: 'VISA-****-****-****-2526', reservationID: `R-${orderID}` },
    ...{ createdAt: CREATED_AT, requestID: `run/${ticketID}/1`, ...change },
  });
const voided = (orderID: string, ticketID: string, voidedAt = LATER) =>
  file(`tickets/${orderID}/R-${orderID}-${ticketID}.void.json`, {
    ...{ orderID, ticketID, keep: null, voidedAt, requestID: 'run/9/1' },
  });
const ledger = (...requestIds: string[]): StoredFile => ({
  path: 'ledger.jsonl',
  text: requestIds
    .map((requestID) => `${JSON.stringify({ kind: 'received', at: CREATED_AT, orderID: 'one', requestID })}\n`)
    .join(''),
});

const closed = (status: Closing['status'], change: Partial<Closing> = {}): Closing => ({
  atMs: CALM_AT_MS,
  status,
  ...change,
});
const completed = (orderId: string, ticketId: string): Closing =>
  closed('completed', { result: { orderId, reservationId: `R-${orderId}`, ticketId } });
const run = (closing: Closing | undefined, change: Partial<RunEvidence> = {}): RunEvidence => ({
  ...{ runId: 'run', startedAtMs: 0, resumed: false, cancelRequested: false, steps: [] },
  ...{ closing, ...change },
});
const order = (orderId: string, runs: readonly RunEvidence[], change: Partial<OrderEvidence> = {}): OrderEvidence => ({
  ...{ orderId, cancelledByClient: false, returnedTicketIds: [], runs, watches: [] },
  ...change,
});
const evidence = (change: Partial<RoundEvidence>): RoundEvidence => ({
  ...{ orders: [], files: [], calmAtMs: CALM_AT_MS, endsWithinMs: 10_000, inFlight: 0 },
  ...{ settleMs: 1_000, acceptWithinMs: 500 },
  ...change,
});

const validated = (...live: string[]) => ({ kind: 'validate', live, voided: [] }) as const;
const create = { kind: 'create', activityId: '5', atMs: 0, deadlineMs: 2_000, outcomeKnown: true } as const;
const unknown = { ...create, outcomeKnown: false };
/** An order whose first create had an unknown outcome, and which schedules another create at this time. */
const createsAgain = (guarantee: string, atMs: number, ...earlierRuns: RunEvidence[]) =>
  evidence({
    orders: [
      order('one', [
        ...earlierRuns,
        run(completed('one', 'T1'), {
          steps: [...(earlierRuns.length > 0 ? [] : [unknown]), { ...create, atMs }],
          resumed: earlierRuns.length > 0,
        }),
      ]),
    ],
    files: [reservation('one', guarantee), ticket('one', 'T1')],
  });
const wasRejected = closed('failed', { failureType: 'OrderRejected' });

/** One order of each kind, all without a violation. */
const SOUND = evidence({
  orders: [
    order('one', [run(completed('one', 'T1'), { steps: [validated(), create, validated('T1')] })], {
      returnedTicketIds: ['T1', 'T1'],
    }),
    order('declined', [run(wasRejected, { steps: [create, { kind: 'create rejected' }, validated()] })]),
    order('cancelled', [run(closed('cancelled'), { cancelRequested: true })], { cancelledByClient: true }),
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

const changed = (change: Partial<RoundEvidence>): RoundEvidence => ({ ...SOUND, ...change });
const withFiles = (...files: StoredFile[]) => changed({ files: [...SOUND.files, ...files] });
const withoutFile = (path: string) => changed({ files: SOUND.files.filter((each) => each.path !== path) });
const withOrder = (...runs: RunEvidence[]) => evidence({ orders: [order('one', runs)], files: [ticket('one', 'T1')] });

/** For each invariant, systems that violate it. */
const BROKEN: Readonly<Record<Exclude<Invariant, 'I8'>, Readonly<Record<string, RoundEvidence>>>> = {
  I1: {
    'a second live ticket': withFiles(ticket('cancelled', 'T9'), voided('cancelled', 'T9'), ticket('resumed', 'T9')),
    'a cancelled order whose ticket was not voided': withoutFile('tickets/cancelled/R-cancelled-T2.void.json'),
    'a rejected order that has a ticket': withFiles(ticket('declined', 'T9')),
    'a ticket of an order that was never submitted': withFiles(ticket('nobody', 'T9')),
  },
  I2: {
    'a returned ticket that is not stored': changed({
      orders: [...SOUND.orders.slice(1), order('one', [run(completed('one', 'T8'))])],
    }),
    'a different ticket for the second submission': changed({
      orders: [
        ...SOUND.orders.slice(1),
        order('one', [run(completed('one', 'T1'))], { returnedTicketIds: ['T1', 'T2'] }),
      ],
    }),
    'a ticket of a different reservation': changed({
      orders: [
        ...SOUND.orders.slice(1),
        order('one', [run(closed('completed', { result: { reservationId: 'R-2', ticketId: 'T1' } }))]),
      ],
    }),
  },
  I3: { 'a create received twice': withFiles({ ...ledger('run/5/1', 'run/5/1'), path: 'ledger.jsonl' }) },
  I4: {
    'a create after a validation that showed a ticket': withOrder(
      run(completed('one', 'T1'), { steps: [validated('T1'), validated(), create] }),
    ),
    'a create after a void, beside the keeper': withOrder(
      run(completed('one', 'T1'), { steps: [validated('T1', 'T2'), { kind: 'void', ticketId: 'T2' }, create] }),
    ),
  },
  I5: {
    'a truncated ticket file': withFiles({ path: 'tickets/declined/R-declined-T9.json', text: '{"orderID": "decl' }),
    'a void file that lacks fields': withFiles(file('tickets/one/R-one-T1.void.json', { orderID: 'one' })),
    'a void file without a ticket file': withFiles(voided('one', 'T9')),
    'a reservation file with the id of another order': withFiles(file('reservations/two.json', { orderID: 'three' })),
    'a ledger whose last line is torn': withFiles({ path: 'ledger.jsonl', text: '{"kind":"rec' }),
    'a ledger line that is not JSON': withFiles({ path: 'ledger.jsonl', text: 'x\n' }),
  },
  I7: {
    'an order that is still open': evidence({ orders: [order('one', [run(undefined)])] }),
    'an order that ended too late': withOrder(run({ ...completed('one', 'T1'), atMs: CALM_AT_MS + 10_001 })),
    'a late watch that is still open': evidence({
      orders: [order('one', [run(closed('cancelled'))], { watches: [{ workflowId: 'w', closing: undefined }] })],
    }),
    'a ticket system with a request still in flight': changed({ inFlight: 1 }),
  },
  ending: {
    'a cancelled order that no client cancelled': evidence({ orders: [order('one', [run(closed('cancelled'))])] }),
    'a rejected order without a rejected create': evidence({
      orders: [order('one', [run(wasRejected, { steps: [create] })])],
    }),
    'an order that Temporal does not know': evidence({ orders: [order('one', [])] }),
    'an order that failed with a bug': withOrder(run(closed('failed', { failureType: 'TypeError' }))),
    'a terminated order that was not submitted again': withOrder(run(closed('terminated'))),
    'a completed order that ran again': withOrder(
      run(completed('one', 'T1')),
      run(completed('one', 'T1'), { resumed: true }),
    ),
    'a later run that was not started as resumed': withOrder(run(closed('terminated')), run(completed('one', 'T1'))),
    'a completed order that does not report a late cancellation': withOrder(
      run(completed('one', 'T1'), { cancelRequested: true }),
    ),
    'a late watch that failed': evidence({
      orders: [
        order('one', [run(completed('one', 'T1'))], {
          watches: [{ workflowId: 'w', closing: closed('failed', { failureType: 'PromisedTicketGone' }) }],
        }),
      ],
      files: [ticket('one', 'T1')],
    }),
  },
  fence: {
    'a create before the deadline of one with an unknown outcome': createsAgain('deadline', 2_499),
    'with guarantee none, a create before the order has settled': createsAgain('none', 3_499),
    'a resumed run that ignores the create of the earlier run': createsAgain(
      'deadline',
      1_000,
      run(closed('terminated'), { steps: [unknown] }),
    ),
  },
  'two live': {
    'a second ticket created while the first one was live': withFiles(
      ticket('one', 'T9', { createdAt: '2026-01-01T00:00:05.000Z' }),
      voided('one', 'T9'),
    ),
  },
};

it('a sound system violates no invariant', () => {
  expect(checkAll(SOUND)).toEqual([]);
});

it.each<[string, RoundEvidence]>([
  ['past the fence', createsAgain('deadline', 2_501)],
  ['with guarantee none, after settling', createsAgain('none', 3_501)],
  ['at once, under an idempotency key', createsAgain('idempotency-key', 100)],
])('nor does an order that creates again %s', (_, sound) => {
  expect(checkAll(sound)).toEqual([]);
});

describe.each(Object.entries(BROKEN))('%s is reported for', (invariant, systems) => {
  it.each(Object.entries(systems))('%s', (_, broken) => {
    expect(checkAll(broken).map((found) => found.invariant)).toContain(invariant);
  });
});

describe('I8', () => {
  const cards = new Set([CARD]);
  const digits = CARD.replace(/\D/g, '');

  it.each(
    Object.entries({
      'in its usual form': `x ${CARD} y`,
      'of a card not in use': 'VISA-9999-9999-9999-9999',
      'as digits': `{"card": ${digits}}`,
      'inside a longer number': `17${digits}00`,
      'in an encoded payload': withPayloadsDecoded(`{"data":"${Buffer.from(CARD).toString('base64')}"}`),
    }),
  )('is reported for a card number %s', (_, text) => {
    expect(cardNumbersIn('a log', text, cards)).toEqual([{ what: 'a log contains an unmasked card number' }]);
  });

  it('is not reported for masked numbers, times or ids', () => {
    const text = 'VISA-****-****-****-2526 1767225600000 2026-01-01T00:00:00.000Z 01a2033d-443d-774f-a397-fd1294bbe49a';
    expect(cardNumbersIn('a log', text, cards)).toEqual([]);
  });
});

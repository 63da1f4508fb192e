import { describe, expect, it } from '@jest/globals';
import { ApplicationFailureCategory } from '@temporalio/common';
import type { CreateActivityRequest, ListActivityRequest, VoidActivityRequest } from '../contract/activity-contract.ts';
import { type HttpExchange, httpOutcomes } from '../http/http-outcomes.ts';
import type { Call, CreateCall, VoidCall } from './call.ts';
import { exactlyOneActivities, type OrderFunctions } from './exactly-one-activities.ts';
import { inActivity, SCHEDULED_AT_MS } from './in-activity.fixture.ts';
import { CredentialsRefused, NotSent } from './thrown-by-functions.ts';

interface Booking {
  readonly address: string;
}

const BOOKING: Booking = { address: 'Main Street 1' };
const CREATE: CreateActivityRequest = {
  orderId: 'booking-1',
  attempt: 1,
  deadlineMs: SCHEDULED_AT_MS + 5_000,
  createDeadlineMs: 5_000,
  idempotencyKey: 'booking-1/0',
  guarantee: 'none',
};
const LIST: ListActivityRequest = {
  orderId: 'booking-1',
  seen: { itemIds: [], voidedItemIds: [] },
  clockSkewMs: 1_000,
};
const VOID: VoidActivityRequest = { orderId: 'booking-1', itemId: 'B-2', keep: 'B-1', createDeadlineMs: 5_000 };
const COMMITTED: HttpExchange = { kind: 'response', status: 201, item: { orderId: 'booking-1', itemId: 'B-1' } };
const LISTED = { orderId: 'booking-1', itemId: 'B-1', createdAtMs: SCHEDULED_AT_MS, voided: false };

/** Activities with right functions, of which a test replaces some, and clocks that it sets. */
function activitiesWith(functions: Partial<OrderFunctions<Booking>> = {}) {
  const clock = { nowMs: SCHEDULED_AT_MS, monotonicMs: 0 };
  const pass = (ms: number) => {
    clock.nowMs += ms;
    clock.monotonicMs += ms;
  };
  const activities = exactlyOneActivities<Booking>({
    create: async () => COMMITTED,
    list: async () => ({ items: [LISTED], asOfMs: clock.nowMs }),
    void: async () => 'voided',
    outcomes: httpOutcomes({ rejecting: ['ADDRESS_UNKNOWN'] }),
    clocks: { nowMs: () => clock.nowMs, monotonicMs: () => clock.monotonicMs },
    ...functions,
  });
  const run = <Result>(result: Promise<Result>) => result.catch((error: unknown) => error);
  return {
    ...{ clock, pass },
    create: (request = CREATE, signal?: AbortSignal) =>
      inActivity(() => run<unknown>(activities.create(BOOKING, request)), signal),
    list: (request = LIST) => inActivity(() => run<unknown>(activities.list(BOOKING, request))),
    void: (request = VOID) => inActivity(() => run<unknown>(activities.void(BOOKING, request))),
  };
}

describe('the activity that creates', () => {
  it('calls its function once with the input and its limits, and returns the item', async () => {
    const calls: [Booking, CreateCall][] = [];
    const { create } = activitiesWith({
      async create(...given) {
        calls.push(given);
        return COMMITTED;
      },
    });
    expect(await create({ ...CREATE, credentials: { notIssuedBeforeMs: 1, validUntilMs: 2 } })).toEqual({
      itemId: 'B-1',
    });
    expect(calls).toEqual([
      [
        BOOKING,
        expect.objectContaining({
          orderId: 'booking-1',
          requestId: 'run-1/7/2',
          deadlineMs: CREATE.deadlineMs,
          idempotencyKey: 'booking-1/0',
          guarantee: 'none',
          timeoutMs: 5_000,
          credentials: { notIssuedBeforeMs: 1, validUntilMs: 2 },
        }),
      ],
    ]);
  });

  it.each([
    ['by the wall clock', { nowMs: CREATE.deadlineMs }],
    ['by the monotonic clock, when the wall clock was set back', { nowMs: 0, monotonicMs: 5_000 }],
  ])('lets nothing be sent any more once its time is over %s', async (_, time) => {
    const answers: unknown[] = [];
    const { create, clock } = activitiesWith({
      async create(_booking, call) {
        answers.push(call.mayStillBeSent(), call.timeoutMs > 0);
        Object.assign(clock, time);
        answers.push(call.mayStillBeSent(), call.timeoutMs);
        return { kind: 'not sent', reason: 'its deadline passed before it was sent' };
      },
    });
    expect(await create()).toMatchObject({ type: 'CreateNotSent' });
    expect(answers).toEqual([true, true, false, 0]);
  });

  it.each([
    ['after its deadline', { deadlineMs: SCHEDULED_AT_MS }],
    ['with a deadline that is no number', { deadlineMs: Number.NaN }],
  ])('does not call its function %s', async (_, request) => {
    let calls = 0;
    const { create } = activitiesWith({
      async create() {
        calls += 1;
        return COMMITTED;
      },
    });
    expect(await create({ ...CREATE, ...request })).toMatchObject({
      type: 'CreateNotSent',
      nonRetryable: true,
      details: [{ reason: 'its deadline passed before it was sent' }],
    });
    expect(calls).toBe(0);
  });

  it.each<readonly [what: string, exchange: HttpExchange, failure: object]>([
    [
      'a rejection, which is no error',
      { kind: 'response', status: 422, errorCode: 'ADDRESS_UNKNOWN' },
      {
        type: 'CreateRejected',
        category: ApplicationFailureCategory.BENIGN,
        details: [{ reason: 'the response was 422 ADDRESS_UNKNOWN', code: 'ADDRESS_UNKNOWN' }],
      },
    ],
    [
      'an unknown outcome',
      { kind: 'no response', connected: true, errorCodes: ['ECONNRESET'] },
      { type: 'CreateOutcomeUnknown', details: [{ reason: 'no complete response (ECONNRESET)' }] },
    ],
    [
      'a create that was never connected',
      { kind: 'no response', connected: false, errorCodes: ['ECONNREFUSED'] },
      { type: 'CreateNotSent', details: [{ reason: 'never connected (ECONNREFUSED)' }] },
    ],
    [
      'an item of another order',
      { kind: 'response', status: 201, item: { orderId: 'booking-2', itemId: 'B-1' } },
      { type: 'CreateOutcomeUnknown' },
    ],
  ])('reports %s as a failure that Temporal does not retry', async (_, exchange, failure) => {
    const { create } = activitiesWith({ create: async () => exchange });
    const details = 'details' in failure ? [expect.objectContaining(Object(failure.details)[0])] : expect.anything();
    expect(await create()).toMatchObject({ ...failure, details, nonRetryable: true });
  });

  it('reports what the service asks for, and which credentials it refused', async () => {
    const exchange = { kind: 'response', status: 401, retryAfterMs: 7, refusedIssuedAtMs: 5 } as const;
    const { create } = activitiesWith({ create: async () => exchange });
    const [details] = Object(await create()).details;
    expect(details).toMatchObject({ reason: 'the response was 401', retryAfterMs: 7, refusedIssuedAtMs: 5 });
  });

  it('was not sent when its function says so, and why', async () => {
    const { create } = activitiesWith({
      create: () => Promise.reject(new NotSent('the vault is closed', { retryAfterMs: 7, refusedIssuedAtMs: 5 })),
    });
    const [details] = Object(await create()).details;
    expect(details).toMatchObject({ reason: 'the vault is closed', retryAfterMs: 7, refusedIssuedAtMs: 5 });
  });

  it('leaves any other error as it is, which the workflow takes as an unknown outcome', async () => {
    const bug = new TypeError('a bug');
    const { create } = activitiesWith({ create: () => Promise.reject(bug) });
    expect(await create()).toBe(bug);
  });

  it('compares the reservation, where the service has them', async () => {
    const { create } = activitiesWith({ reservationId: ({ address }) => address });
    expect(await create()).toMatchObject({ type: 'CreateOutcomeUnknown' });
  });

  it('tells the outcome of each create, also of one that was not sent', async () => {
    const outcomes: string[] = [];
    const { create } = activitiesWith({ onOutcome: ({ kind }, { orderId }) => outcomes.push(`${orderId}: ${kind}`) });
    await create();
    await create({ ...CREATE, deadlineMs: 0 });
    expect(outcomes).toEqual(['booking-1: committed', 'booking-1: not sent']);
  });

  it('learns when the worker stops waiting', async () => {
    const signals: AbortSignal[] = [];
    const { create } = activitiesWith({
      async create(_booking, { signal }) {
        signals.push(signal);
        return COMMITTED;
      },
    });
    const { signal } = new AbortController();
    await create(CREATE, signal);
    expect(signals).toEqual([signal]);
  });
});

describe('the activity that lists', () => {
  it('returns a complete response, and gives its call the time of the activity but a second', async () => {
    const calls: Call[] = [];
    const { list, clock } = activitiesWith({
      async list(_booking, call) {
        calls.push(call);
        return { items: [LISTED], asOfMs: clock.nowMs };
      },
    });
    expect(await list()).toEqual({
      items: [{ itemId: 'B-1', createdAtMs: SCHEDULED_AT_MS, voided: false }],
      asOfMs: SCHEDULED_AT_MS,
    });
    expect(calls[0]).toMatchObject({ orderId: 'booking-1', requestId: 'run-1/7/2', timeoutMs: 10_000 });
  });

  it.each([
    ['an item seen before is missing', { seen: { itemIds: ['B-0'], voidedItemIds: [] } }, {}, /item B-0, seen before/],
    ['an item is of another order', {}, { items: [{ ...LISTED, orderId: 'booking-2' }] }, /belongs to booking-2/],
    ['an id is empty', {}, { items: [{ ...LISTED, itemId: '' }] }, /an id is not a text of 1 to 200 characters/],
    [
      'it is old',
      {},
      { asOfMs: SCHEDULED_AT_MS - 5_000 },
      /^an old list, or the service's clock is 5.0 s behind this worker's, and clockSkewMs allows 1.0 s: the list of items of booking-1 is not a complete response/,
    ],
  ])('fails and is retried when %s', async (_, request, listed, message) => {
    const { list } = activitiesWith({ list: async () => ({ items: [LISTED], asOfMs: SCHEDULED_AT_MS, ...listed }) });
    expect(await list({ ...LIST, ...request })).toMatchObject({
      type: 'IncompleteResponse',
      nonRetryable: false,
      nextRetryDelay: expect.any(Number),
      message: expect.stringMatching(message),
    });
  });

  it('takes the times around its function: a list that the service reads meanwhile is fresh', async () => {
    const slow = activitiesWith({
      async list() {
        const asOfMs = slow.clock.nowMs + 3_000;
        slow.pass(4_000);
        return { items: [LISTED], asOfMs };
      },
    });
    expect(await slow.list()).toMatchObject({ asOfMs: SCHEDULED_AT_MS + 3_000 });
  });

  it('leaves an error of its function as it is, so that Temporal retries it and shows its line', async () => {
    const error = new Error('503');
    const { list } = activitiesWith({ list: () => Promise.reject(error) });
    expect(await list()).toBe(error);
  });

  it('is retried after the pause that the service asks for when nothing was sent', async () => {
    const { list } = activitiesWith({ list: () => Promise.reject(new NotSent('no token', { retryAfterMs: 9_000 })) });
    expect(await list()).toMatchObject({ type: 'NotSent', nonRetryable: false, nextRetryDelay: 9_000 });
  });

  it.each([
    ['its credentials were refused', new CredentialsRefused('401', { issuedAtMs: 5 })],
    ['a call before it had its credentials refused', new NotSent('401', { refusedIssuedAtMs: 5 })],
  ])('is not retried with the same credentials when %s', async (_, error) => {
    const { list } = activitiesWith({ list: () => Promise.reject(error) });
    const details = [{ refusedIssuedAtMs: 5 }];
    expect(await list()).toMatchObject({ type: 'CredentialsRefused', nonRetryable: true, details });
  });
});

describe('the activity that voids', () => {
  function voidCallsOf() {
    const calls: VoidCall[] = [];
    const activities = activitiesWith({
      async void(_booking, itemId, keep, call) {
        calls.push(call);
        return `${itemId} ${keep}` === 'B-2 B-1' ? 'voided' : 'keeper-not-live';
      },
    });
    return { ...activities, calls };
  }

  it('has no deadline while another item is live, since it may be repeated at any time', async () => {
    const { void: run, calls } = voidCallsOf();
    expect(await run()).toBe('voided');
    expect(calls[0]).not.toHaveProperty('deadlineMs');
    expect(calls[0]).toHaveProperty('timeoutMs', 10_000);
  });

  it('has a deadline for each attempt when no item is to stay', async () => {
    const { void: run, calls, clock } = voidCallsOf();
    clock.nowMs += 1_000;
    expect(await run({ ...VOID, keep: null })).toBe('keeper-not-live');
    expect(calls[0]).toMatchObject({ deadlineMs: SCHEDULED_AT_MS + 5_000, timeoutMs: 4_000 });
    clock.nowMs += 4_000;
    expect(calls[0]?.mayStillBeSent()).toBe(false);
  });

  it('fails and says so if there is no function for it', async () => {
    const { create, list } = { create: async () => COMMITTED, list: async () => ({ items: [], asOfMs: 0 }) };
    const { void: run } = exactlyOneActivities<Booking>({ create, list, outcomes: httpOutcomes() });
    await inActivity(() => expect(run(BOOKING, VOID)).rejects.toThrow('was given no function `void`'));
  });
});

describe('the options', () => {
  it.each<readonly [name: string, wrong: object, message: string]>([
    ['create', { create: undefined }, 'exactlyOneActivities: create must be a function, but is undefined'],
    ['list', { list: 'labels' }, 'exactlyOneActivities: list must be a function, but is "labels"'],
    ['outcomes', { outcomes: {} }, 'exactlyOneActivities: outcomes.classify must be a function, but is undefined'],
  ])('are refused without a valid %s', (_, wrong, message) => {
    expect(() => activitiesWith(Object.assign({}, wrong))).toThrow(message);
  });
});

describe('a void whose function returns the item', () => {
  it.each([
    ['is confirmed by the voided item', { ...LISTED, itemId: 'B-2', voided: true }, 'voided'],
    ['fails if the item is still live', { ...LISTED, itemId: 'B-2' }, /voiding B-2 does not show that item as voided/],
    ['fails if it is another item', { ...LISTED, itemId: 'B-1', voided: true }, /does not show that item as voided/],
  ])('%s', async (_, item, result) => {
    const voided = await activitiesWith({ void: async () => item }).void();
    if (typeof result === 'string') expect(voided).toBe(result);
    else expect(voided).toMatchObject({ message: expect.stringMatching(result) });
  });
});

describe('a void that lists first', () => {
  const KEEPER = { ...LISTED, itemId: 'B-1' };
  const voidWith = async (items: readonly (typeof LISTED)[], request = VOID) => {
    let voids = 0;
    const { void: voidItem } = activitiesWith({
      listBeforeVoid: true,
      list: async () => ({ items, asOfMs: SCHEDULED_AT_MS }),
      async void() {
        voids += 1;
        return 'voided';
      },
    });
    return { result: await voidItem(request), voids };
  };

  it('voids only while the item to keep is live', async () => {
    expect(await voidWith([KEEPER])).toEqual({ result: 'voided', voids: 1 });
    expect(await voidWith([{ ...KEEPER, voided: true }])).toEqual({ result: 'keeper-not-live', voids: 0 });
    expect(await voidWith([])).toEqual({ result: 'keeper-not-live', voids: 0 });
  });

  it('voids without a list when no item is to be kept', async () => {
    expect(await voidWith([], { ...VOID, keep: null })).toEqual({ result: 'voided', voids: 1 });
  });
});

it.each<readonly [object | undefined, string]>([
  [undefined, 'exactlyOneActivities: the options must be an object, but are null'],
  [{ void: 'cancel' }, 'exactlyOneActivities: void must be a function, or undefined, but is "cancel"'],
  [{ outcomes: httpOutcomes }, 'exactlyOneActivities: outcomes.classify must be a function, but is undefined'],
  [{ listBeforVoid: true }, 'exactlyOneActivities: there is no option listBeforVoid; did you mean listBeforeVoid?'],
  [{ listBeforeVoid: 'yes' }, 'exactlyOneActivities: listBeforeVoid must be true or false, or undefined, but is "yes"'],
])('a wrong option is refused by name: %j', (wrong, message) => {
  const functions = { create: () => COMMITTED, list: () => LISTED, outcomes: httpOutcomes(), ...wrong };
  expect(() =>
    exactlyOneActivities(JSON.stringify(wrong) === undefined ? JSON.parse('null') : Object(functions)),
  ).toThrow(message);
});

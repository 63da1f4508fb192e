import { describe, expect, it } from '@jest/globals';
import { initialState } from '../protocol/index.ts';
import { type Carried, checkOptions, checkPrepared, type ExactlyOneOptions } from './options.ts';

const TIMINGS = { createDeadlineMs: 5_000, clockSkewMs: 1_000, settleMs: 15_000, lateWatchMs: [60_000] };

const STATE = initialState({ guarantee: 'none', resumed: true, startedAtMs: 1_769_860_800_000, timings: TIMINGS });

const OPTIONS: ExactlyOneOptions<unknown> = {
  resumed: undefined,
  carried: undefined,
  activities: { create: 'book', list: 'listBookings', void: 'cancelBooking' },
  continueAsNew: () => Promise.reject(new Error('not in this test')),
};

/** As a workflow receives what an earlier run has handed on. */
function received<T>(value: T): T {
  return JSON.parse(JSON.stringify(value));
}

const CARRIED: Carried = received({
  prepared: { guarantee: 'deadline', timings: TIMINGS, input: { reservationId: '108345-ASDFQWERTY' } },
  state: {
    ...STATE,
    unresolvedCreates: { kind: 'this run', count: 2, key: undefined, claimedItemId: 'T-1', claimUnlisted: true },
    rejection: { code: 'PAYMENT_DECLINED', reason: 'no' },
    seen: { itemIds: ['T-1', 'T-2'], voidedItemIds: ['T-2'] },
  },
  outcomes: ['unknown: timed out'],
  notIssuedBeforeMs: 1_769_860_800_001,
  cancelRequested: false,
});

/** Checks what a run is started with, which has no type before it is checked. */
const carry = (carried: unknown, isContinued = true) =>
  checkOptions({ ...OPTIONS, carried: carried as Carried }, { orderId: 'booking-1', isContinued });

describe('what an earlier run hands on', () => {
  it.each([
    ['everything that an order knows', CARRIED],
    ['the state of a resumed order', { state: received(STATE) }],
    ['a field of a newer version', { ...CARRIED, more: 1, state: { ...CARRIED.state, more: 1 } }],
    ['nothing', {}],
  ])('can be %s', (_, carried) => {
    expect(() => carry(carried)).not.toThrow();
  });

  it.each([
    ['null', null],
    ['a list', [CARRIED]],
    ['a text', 'state'],
    ['a guarantee that does not exist', { ...CARRIED, prepared: { ...CARRIED.prepared, guarantee: 'always' } }],
    ['timings that are negative', { prepared: { guarantee: 'none', timings: { ...TIMINGS, settleMs: -1 } } }],
    ['a state without its fields', { state: {} }],
    ['a state whose fields are inherited', { state: Object.create(STATE) }],
    ['a count that is not a number', { state: { ...STATE, createAttempts: '1' } }],
    ['a time that is no date', { state: { ...STATE, lastDeadlineMs: 9e15 } }],
    ['creates of no known kind', { state: { ...STATE, unresolvedCreates: { kind: 'next run' } } }],
    ['items whose ids are too long', { state: { ...STATE, seen: { itemIds: ['x'.repeat(201)], voidedItemIds: [] } } }],
    ['a cancellation that is neither true nor false', { cancelRequested: 'yes' }],
  ])('cannot be %s', (_, carried) => {
    expect(() => carry(carried)).toThrow(
      expect.objectContaining({
        type: 'CarriedStateInvalid',
        message: expect.stringContaining('what the earlier run handed on is not valid'),
      }),
    );
  });

  it('is refused from anybody but an earlier run', () => {
    expect(() => carry(CARRIED, false)).toThrow(
      expect.objectContaining({ type: 'OptionsInvalid', message: expect.stringContaining('exactlyOne: carried is') }),
    );
  });

  it('is masked where it is quoted', () => {
    const mask = (text: string) => text.replace('1234', '****');
    const options = { ...OPTIONS, carried: { state: 'PIN 1234' } as unknown as Carried, mask };
    expect(() => checkOptions(options, { orderId: 'booking-1', isContinued: true })).toThrow('PIN ****');
  });
});

describe('an option that is not allowed', () => {
  it.each([
    ['resumed', { resumed: 'no' }, '"no"; allowed: true, false or undefined'],
    [
      'activities.create',
      { activities: { ...OPTIONS.activities, create: '' } },
      '""; allowed: the name of the activity',
    ],
    ['activities.void', { activities: { create: 'book', list: 'listBookings' } }, 'undefined; allowed: the name'],
    ['activities.readGuarantee', { activities: { ...OPTIONS.activities, readGuarantee: 1 } }, '1; allowed: the name'],
    ['continueAsNew', { continueAsNew: undefined }, 'undefined; allowed: a function'],
    ['credentials.obtain', { credentials: { obtain: 1 } }, '1; allowed: the name of an activity'],
  ])('%s fails the workflow with its name, its value and what is allowed', (option, wrong, says) => {
    // What a workflow passes on may come from whoever started it.
    const options = { ...OPTIONS, ...wrong } as ExactlyOneOptions<unknown>;
    expect(() => checkOptions(options, { orderId: 'booking-1', isContinued: false })).toThrow(
      expect.objectContaining({
        type: 'OptionsInvalid',
        nonRetryable: true,
        message: expect.stringContaining(`exactlyOne: ${option} is ${says}`),
      }),
    );
  });

  it.each<readonly [keyof ExactlyOneOptions<unknown>, string]>([
    ['resumed', 'resumed is missing; pass on the field that submit adds to the input of the workflow'],
    ['carried', 'carried is missing; pass on the second argument of the workflow'],
  ])('is %s, if it is missing and not merely undefined', (option, problem) => {
    const { [option]: _, ...options } = OPTIONS;
    const start = () =>
      checkOptions(options as ExactlyOneOptions<unknown>, { orderId: 'booking-1', isContinued: false });
    expect(start).toThrow(
      expect.objectContaining({ type: 'OptionsInvalid', message: expect.stringContaining(`exactlyOne: ${problem}`) }),
    );
  });

  it.each<readonly [object, string]>([
    [{ activites: OPTIONS.activities }, 'there is no option activites; did you mean activities?'],
    [{ retries: 3 }, 'there is no option retries; the options are resumed, carried,'],
    [{ activities: { ...OPTIONS.activities, crate: 'book' } }, 'there is no option crate; did you mean create?'],
    [{ credentials: { obtains: 'getToken' } }, 'there is no option obtains; did you mean obtain?'],
  ])('is one that does not exist: %j', (wrong, problem) => {
    const start = () => checkOptions({ ...OPTIONS, ...wrong }, { orderId: 'booking-1', isContinued: false });
    expect(start).toThrow(
      expect.objectContaining({ type: 'OptionsInvalid', message: expect.stringContaining(`exactlyOne: ${problem}`) }),
    );
  });

  it('is a workflow id that is too long to be part of other ids', () => {
    const start = () => checkOptions(OPTIONS, { orderId: 'x'.repeat(201), isContinued: false });
    expect(start).toThrow('at most 200 characters');
  });

  it.each([
    ['guarantee', { timings: TIMINGS }, 'undefined; allowed: none, deadline and idempotency-key'],
    ['timings', { guarantee: 'none' }, 'undefined; allowed: { createDeadlineMs, clockSkewMs,'],
    [
      'timings.clockSkewMs',
      { guarantee: 'none', timings: { ...TIMINGS, clockSkewMs: -1 } },
      '-1; allowed: milliseconds',
    ],
    [
      'timings.settleMs',
      { guarantee: 'none', timings: { ...TIMINGS, settleMs: '15s' as unknown as number } },
      '"15s"; allowed: milliseconds, 0 or more',
    ],
    [
      'timings.lateWatchMs',
      { guarantee: 'none', timings: { ...TIMINGS, lateWatchMs: 60_000 as unknown as number[] } },
      '60000; allowed: a list of milliseconds, such as [60000, 600000]',
    ],
  ] as const)('%s is found out once the order is prepared', (option, wrong, says) => {
    const problem = (text: string) => expect.objectContaining({ message: expect.stringContaining(text) });
    expect(() =>
      checkPrepared({ ...{ guarantee: undefined, timings: undefined, input: 1 }, ...wrong }, undefined),
    ).toThrow(problem(`exactlyOne: ${option} is`));
    expect(() =>
      checkPrepared({ ...{ guarantee: undefined, timings: undefined, input: 1 }, ...wrong }, undefined),
    ).toThrow(problem(says));
  });
});

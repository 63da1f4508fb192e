import { describe, expect, it } from '@jest/globals';
import { initialState } from 'exactly-one';
import type { CarriedOrder } from './order.ts';
import type { CarriedTransfer } from './transfer.ts';
import { readOrderArguments, readTransferArguments } from './workflow-arguments.ts';

const TIMINGS = { createDeadlineMs: 5_000, clockSkewMs: 1_000, settleMs: 15_000, lateWatchMs: [60_000] };

const STATE = initialState({ guarantee: 'none', resumed: true, startedAtMs: 1_769_860_800_000, timings: TIMINGS });

/** As a workflow receives what an earlier run has handed on. */
function received<T>(value: T): T {
  return JSON.parse(JSON.stringify(value));
}

const CARRIED: CarriedOrder = received({
  settings: { ...TIMINGS, searchAttributes: true },
  reservation: { reservationId: '108345-ASDFQWERTY', guarantee: 'deadline' },
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

const order = (carried: unknown, isContinued = true) =>
  // What a run is started with has no type before it is read.
  readOrderArguments([{ orderId: 'order-1' }, carried as CarriedOrder], { workflowId: 'order-1', isContinued });

const transfer = (carried: unknown, isContinued = true) =>
  readTransferArguments([{ from: 'A', to: 'B', amount: '1.50' }, carried as CarriedTransfer], {
    workflowId: 'transfer-1',
    isContinued,
  });

describe('what an earlier run hands on', () => {
  it.each([
    ['everything that an order knows', CARRIED],
    ['the state of a resumed order', { state: received(STATE) }],
    ['a field of a newer version', { ...CARRIED, more: 1, state: { ...CARRIED.state, more: 1 } }],
    ['nothing', {}],
  ])('can be %s', (_, carried) => {
    expect(order(carried)).toEqual({ input: { orderId: 'order-1' }, carried });
  });

  it.each([
    ['null', null],
    ['a list', [CARRIED]],
    ['a text', 'state'],
    ['a guarantee that does not exist', { ...CARRIED, reservation: { reservationId: 'R', guarantee: 'always' } }],
    ['a state without its fields', { state: {} }],
    ['a state whose fields are inherited', { state: Object.create(STATE) }],
    ['a count that is not a number', { state: { ...STATE, createAttempts: '1' } }],
    ['a time that is no date', { state: { ...STATE, lastDeadlineMs: 9e15 } }],
    ['creates of no known kind', { state: { ...STATE, unresolvedCreates: { kind: 'next run' } } }],
    [
      'tickets whose ids are too long',
      { state: { ...STATE, seen: { itemIds: ['x'.repeat(201)], voidedItemIds: [] } } },
    ],
    ['a cancellation that is neither true nor false', { cancelRequested: 'yes' }],
  ])('cannot be %s', (_, carried) => {
    expect(order(carried)).toContain('what the earlier run handed on is not valid');
  });

  it('is refused from anybody but an earlier run', () => {
    expect(order(CARRIED, false)).toContain('the input must be the only argument');
    expect(transfer({ refundNumber: 2 }, false)).toContain('the input must be the only argument');
  });

  it('is checked for transfers too', () => {
    expect(transfer({ refundNumber: 2, cancelRequested: true })).toMatchObject({
      transferId: '1',
      terms: { from: 'A', to: 'B', amountCents: 150 },
      carried: { refundNumber: 2 },
    });
    expect(transfer({ refundNumber: 'two' })).toContain('what the earlier run handed on is not valid');
  });
});

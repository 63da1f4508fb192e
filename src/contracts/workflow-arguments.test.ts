import { describe, expect, it } from '@jest/globals';
import type { CarriedOrder } from './order.ts';
import type { CarriedTransfer } from './transfer.ts';
import { readOrderArguments, readTransferArguments } from './workflow-arguments.ts';

const CARRIED: CarriedOrder = {
  protocol: { cancelRequested: true },
  reservationId: '108345-ASDFQWERTY',
  searchAttributes: true,
};

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
    ['a field of a newer version', { ...CARRIED, more: 1 }],
    ['nothing', {}],
  ])('can be %s', (_, carried) => {
    expect(order(carried)).toEqual({ input: { orderId: 'order-1' }, carried });
  });

  it.each([
    ['null', null],
    ['a list', [CARRIED]],
    ['a text', 'state'],
    ['a reservation id that is too long', { ...CARRIED, reservationId: 'x'.repeat(201) }],
    ['search attributes that are neither there nor missing', { searchAttributes: 'yes' }],
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

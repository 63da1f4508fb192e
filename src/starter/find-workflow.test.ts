import { describe, expect, test } from '@jest/globals';
import { meaningsOf } from './find-workflow.ts';
import { WrongUse } from './ids.ts';

describe('an id means', () => {
  test.each([
    ['rent-1', {}, { orderId: 'rent-1', transferId: 'rent-1' }],
    ['7', {}, { orderId: 'order-7', transferId: '7' }],
    ['order-7', {}, { orderId: 'order-7', transferId: 'order-7' }],
    ['transfer-rent-1', {}, { orderId: undefined, transferId: 'rent-1' }],
    ['rent-1', { order: true }, { orderId: 'rent-1', transferId: undefined }],
    ['rent-1', { transfer: true }, { orderId: undefined, transferId: 'rent-1' }],
    ['transfer-rent-1', { transfer: true }, { orderId: undefined, transferId: 'rent-1' }],
  ])('for %j with %j: %j', (given, kind, meanings) => {
    expect(meaningsOf(given, kind)).toEqual(meanings);
  });

  test.each([
    ['a/b', {}, /is not a valid order id/],
    ['transfer-7', { order: true }, /is not a valid order id/],
    ['a/b', { transfer: true }, /is not a valid transfer id/],
    ['7', { order: true, transfer: true }, /either --order or --transfer, not both/],
  ])('nothing for %j with %j', (given, kind, message) => {
    expect(() => meaningsOf(given, kind)).toThrow(WrongUse);
    expect(() => meaningsOf(given, kind)).toThrow(message);
  });
});

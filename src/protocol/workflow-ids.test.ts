import { describe, expect, it } from '@jest/globals';
import { orderIdProblem } from '../contracts/ids.ts';
import { lateWatchId } from './workflow-ids.ts';

describe('the workflow id of a late watch', () => {
  it('names its order and run, and can never be that of an order', () => {
    expect(lateWatchId('order-1', 'run-7')).toBe('order-1:late-watch:run-7');
    expect(orderIdProblem(lateWatchId('order-1', 'run-7'))).toContain('is no order id');
  });
});

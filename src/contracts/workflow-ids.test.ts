import { describe, expect, it } from '@jest/globals';
import { lateWatchId } from './workflow-ids.ts';

describe('the workflow id of a late watch', () => {
  it('names its order and run, with what no order id may hold between them', () => {
    expect(lateWatchId('order-1', 'run-7')).toBe('order-1:late-watch:run-7');
  });
});

import { describe, expect, it } from '@jest/globals';
import { lateWatchId, requestId } from './ids.ts';

describe('the workflow id of a late watch', () => {
  it('contains its order and its run', () => {
    expect(lateWatchId('order-1', 'run-7')).toBe('order-1:late-watch:run-7');
  });
});

describe('a request id', () => {
  it('differs between runs, activities and attempts', () => {
    const first = { runId: 'run', activityId: '1', attempt: 1 };
    expect(requestId(first)).toBe('run/1/1');
    const ids = [first, { ...first, runId: 'other' }, { ...first, activityId: '2' }, { ...first, attempt: 2 }];
    expect(new Set(ids.map(requestId)).size).toBe(4);
  });
});

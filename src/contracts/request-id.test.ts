import { expect, test } from '@jest/globals';
import { requestId } from './request-id.ts';

test('the id of a request differs between runs, activities and attempts', () => {
  const first = { runId: 'run', activityId: '1', attempt: 1 };
  expect(requestId(first)).toBe('run/1/1');
  const ids = [first, { ...first, runId: 'other' }, { ...first, activityId: '2' }, { ...first, attempt: 2 }];
  expect(new Set(ids.map(requestId)).size).toBe(4);
});

import { expect, test } from '@jest/globals';
import { killedTexts } from './kill-worker.ts';

test('a kill claims the creates that it has hit', () => {
  expect(killedTexts(7, 1)[0]).toBe('killed worker 7 (SIGKILL) with 1 create in flight');
  expect(killedTexts(7, 3)[0]).toBe('killed worker 7 (SIGKILL) with 3 creates in flight');
});

test('a kill that hits no create is reported as a miss', () => {
  const [first, second] = killedTexts(7, 0);
  expect(first).toBe('killed worker 7 (SIGKILL), but no create was in flight');
  expect(second).toContain('does not show what a crash during a create does');
});

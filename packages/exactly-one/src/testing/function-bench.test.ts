import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, expect, it, jest } from '@jest/globals';
import { settled } from './function-bench.ts';

afterEach(() => void jest.restoreAllMocks());

it('a call ends in time although the process was stopped for longer than the call may take', async () => {
  const clock = jest.spyOn(performance, 'now').mockReturnValue(0);
  const ending = settled(() => pause(100, 'ended'), { limitMs: 1_000 });
  clock.mockReturnValue(10_000);
  expect(await ending).toEqual({ kind: 'returned', value: 'ended' });
});

it('a call that does not end is not waited for', async () => {
  expect(await settled(() => new Promise(() => undefined), { limitMs: 40 })).toEqual({ kind: 'did not end' });
});

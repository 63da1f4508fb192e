import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { WaitTimeoutError, waitUntil } from './wait-until.ts';

afterEach(() => void jest.restoreAllMocks());

describe('waitUntil', () => {
  test('repeats the attempt after undefined, false and an error', async () => {
    const results = [() => undefined, () => false as const, () => Promise.reject(new Error('refused')), () => 'here'];
    let attempts = -1;
    const attempt = () => {
      attempts += 1;
      return results[attempts]?.();
    };
    expect(await waitUntil(attempt, { what: 'it', timeoutMs: 5_000, everyMs: 1 })).toBe('here');
    expect(attempts).toBe(3);
  });

  test('is not held up by an attempt that hangs', async () => {
    const hanging = waitUntil(() => new Promise<never>(() => undefined), { what: 'a response', timeoutMs: 50 });
    await expect(hanging).rejects.toThrow(WaitTimeoutError);
    await expect(hanging).rejects.toThrow('waited 0.05 s for a response');
  });

  test('begins no attempt after the time is up, even if the timer fires before the clock says so', async () => {
    jest.spyOn(performance, 'now').mockReturnValue(0);
    let attempts = 0;
    const attempt = () => {
      attempts += 1;
      if (attempts === 2) jest.restoreAllMocks();
      return new Promise<never>(() => undefined);
    };
    await expect(waitUntil(attempt, { what: 'a response', timeoutMs: 20 })).rejects.toThrow(WaitTimeoutError);
    expect(attempts).toBe(1);
  });

  test('does not repeat the attempt after an error that is not retryable', async () => {
    let attempts = 0;
    const attempt = () => {
      attempts += 1;
      throw new Error('no permission');
    };
    const waiting = waitUntil(attempt, { what: 'it', timeoutMs: 5_000, retryable: () => false });
    await expect(waiting).rejects.toThrow('no permission');
    expect(attempts).toBe(1);
  });

  test('discards the result of an attempt that succeeds when the wait is over, and no other', async () => {
    const discarded: string[] = [];
    const options = {
      what: 'a connection',
      timeoutMs: 30,
      everyMs: 1,
      discard: (late: string) => discarded.push(late),
    };
    let succeed: (result: string) => void = () => undefined;
    const waiting = waitUntil(() => new Promise<string>((resolve) => (succeed = resolve)), options);
    await expect(waiting).rejects.toThrow(WaitTimeoutError);
    expect(discarded).toEqual([]);
    succeed('late');
    await new Promise(setImmediate);
    expect(discarded).toEqual(['late']);
    expect(await waitUntil(async () => 'in time', { ...options, timeoutMs: 5_000 })).toBe('in time');
    await expect(waitUntil(async () => undefined, options)).rejects.toThrow(WaitTimeoutError);
    expect(discarded).toEqual(['late']);
  });
});

import { describe, expect, test } from '@jest/globals';
import { WaitTimeoutError, waitUntil } from './wait-until.ts';

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
});

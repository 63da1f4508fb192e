import { describe, expect, test } from '@jest/globals';
import { WaitTimeoutError, waitUntil } from './wait-until.ts';

describe('waitUntil', () => {
  test('asks until there is an answer, errors and "not yet" alike', async () => {
    const answers = [() => undefined, () => false as const, () => Promise.reject(new Error('refused')), () => 'here'];
    let asked = -1;
    const attempt = () => {
      asked += 1;
      return answers[asked]?.();
    };
    expect(await waitUntil(attempt, { what: 'it', timeoutMs: 5_000, everyMs: 1 })).toBe('here');
    expect(asked).toBe(3);
  });

  test('does not wait longer for an attempt that hangs', async () => {
    const hanging = waitUntil(() => new Promise<never>(() => undefined), { what: 'an answer', timeoutMs: 50 });
    await expect(hanging).rejects.toThrow(WaitTimeoutError);
    await expect(hanging).rejects.toThrow('waited 0.05 s for an answer');
  });

  test('does not ask again after an error that is not worth it', async () => {
    let asked = 0;
    const attempt = () => {
      asked += 1;
      throw new Error('no permission');
    };
    const waiting = waitUntil(attempt, { what: 'it', timeoutMs: 5_000, retryable: () => false });
    await expect(waiting).rejects.toThrow('no permission');
    expect(asked).toBe(1);
  });
});

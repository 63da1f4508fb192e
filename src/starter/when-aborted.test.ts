import { describe, expect, test } from '@jest/globals';
import { whenAborted } from './when-aborted.ts';

describe('whenAborted', () => {
  test('waits until the signal fires', async () => {
    const controller = new AbortController();
    const waiting = whenAborted(controller.signal);
    const first = await Promise.race([waiting, new Promise((resolve) => setImmediate(resolve, 'still waiting'))]);
    expect(first).toBe('still waiting');
    controller.abort();
    expect(await waiting).toBe('aborted');
  });

  test('does not wait for a signal that has fired before', async () => {
    expect(await whenAborted(AbortSignal.abort())).toBe('aborted');
  });
});

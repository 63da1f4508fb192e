import { describe, expect, jest, test } from '@jest/globals';
import { unlessAborted } from './detach.ts';

const never = new Promise<never>(() => undefined);

describe('waiting for a promise until a signal fires', () => {
  test('resolves to the value of the promise while the signal has not fired', async () => {
    expect(await unlessAborted(Promise.resolve('done'), new AbortController().signal)).toBe('done');
  });

  test('waits until the signal fires', async () => {
    const controller = new AbortController();
    const waiting = unlessAborted(never, controller.signal);
    const first = await Promise.race([waiting, new Promise((resolve) => setImmediate(resolve, 'still waiting'))]);
    expect(first).toBe('still waiting');
    controller.abort();
    expect(await waiting).toBe('aborted');
  });

  test('leaves no listener behind', async () => {
    const { signal } = new AbortController();
    const added = jest.spyOn(signal, 'addEventListener');
    const removed = jest.spyOn(signal, 'removeEventListener');
    await unlessAborted(Promise.resolve('done'), signal);
    await expect(unlessAborted(Promise.reject(new Error('failed')), signal)).rejects.toThrow('failed');
    expect(removed.mock.calls).toEqual(added.mock.calls);
    expect(added).toHaveBeenCalledTimes(2);
  });

  test('does not wait for a signal that has already fired', async () => {
    expect(await unlessAborted(never, AbortSignal.abort())).toBe('aborted');
  });
});

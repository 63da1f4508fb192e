import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { TimedOut, withTimeout } from './time-out.ts';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

const never = () => new Promise<never>(() => undefined);

/** Work that ends, as `fetch` does, with the reason of its signal. */
const obedient = (signal: AbortSignal) =>
  new Promise<never>((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));

/** What became of a promise, as a value: nobody is late to handle it. */
const settled = (promise: Promise<unknown>) =>
  promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );

describe('work with a time-out', () => {
  it('gives its result when it ends in time, and leaves no timer and its signal quiet', async () => {
    let seen: AbortSignal | undefined;
    const result = withTimeout(
      async (signal) => {
        seen = signal;
        return 42;
      },
      { timeoutMs: 1_000 },
    );
    expect(await result).toBe(42);
    expect(jest.getTimerCount()).toBe(0);
    expect(seen?.aborted).toBe(false);
  });

  it('fails with its own error when it fails in time', async () => {
    const own = new Error('its own');
    expect(await settled(withTimeout(() => Promise.reject(own), { timeoutMs: 1_000 }))).toEqual({ error: own });
  });

  it('is aborted when the time is over, not a moment before', async () => {
    let seen: AbortSignal | undefined;
    const ended = settled(
      withTimeout(
        (signal) => {
          seen = signal;
          return obedient(signal);
        },
        { timeoutMs: 1_000 },
      ),
    );
    await jest.advanceTimersByTimeAsync(999);
    expect(seen?.aborted).toBe(false);
    await jest.advanceTimersByTimeAsync(1);
    expect(seen?.aborted).toBe(true);
    const { error } = (await ended) as { error: TimedOut };
    expect(error).toBeInstanceOf(TimedOut);
    expect(error).toMatchObject({ name: 'TimedOut', timeoutMs: 1_000, message: 'no result within 1 s' });
    expect(error.cause).toBe(seen?.reason);
  });

  it('is no longer waited for when it does not obey its signal', async () => {
    const ended = settled(withTimeout(never, { timeoutMs: 1_500, what: 'answer' }));
    await jest.advanceTimersByTimeAsync(1_500);
    expect(await ended).toMatchObject({ error: { name: 'TimedOut', message: 'no answer within 1.5 s' } });
  });

  it('ends with the reason of the caller who cancels it, and leaves no timer', async () => {
    const caller = new AbortController();
    const ended = settled(withTimeout(obedient, { timeoutMs: 1_000, signal: caller.signal }));
    await jest.advanceTimersByTimeAsync(10);
    caller.abort(new Error('the caller left'));
    expect(await ended).toMatchObject({ error: { message: 'the caller left' } });
    expect(jest.getTimerCount()).toBe(0);
  });

  it('does not begin when it is cancelled already', async () => {
    const work = jest.fn(never);
    const signal = AbortSignal.abort(new Error('the caller left'));
    expect(await settled(withTimeout(work, { timeoutMs: 1_000, signal }))).toMatchObject({
      error: { message: 'the caller left' },
    });
    expect(work).not.toHaveBeenCalled();
  });

  it.each([-1, Number.NaN, 2 ** 31, Number.POSITIVE_INFINITY])(
    'refuses %s ms, which no timer can hold',
    async (timeoutMs) => {
      await expect(withTimeout(never, { timeoutMs })).rejects.toThrow(RangeError);
    },
  );
});

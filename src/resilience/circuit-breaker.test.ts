import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { createSeededRandom } from '../../testbed/seeded-random.ts';
import { CircuitOpen, createCircuitBreaker } from './circuit-breaker.ts';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

type Result = 'good' | 'bad' | 'neither';
const OPEN_FOR_MS = 2_000;
const TRY_EVERY_MS = 250;
const VERDICTS = { good: 'up', bad: 'down', neither: 'nothing' } as const;

function createBreaker() {
  const breaker = createCircuitBreaker<Result>({
    failuresToOpen: 3,
    openForMs: OPEN_FOR_MS,
    tryEveryMs: TRY_EVERY_MS,
    judge: (result) => VERDICTS[result],
    nowMs: () => performance.now(),
    random: () => 0,
  });
  const service = jest.fn<() => Promise<Result>>();
  /** Makes calls with these results, one after the other. */
  const call = async (...results: readonly Result[]) => {
    for (const result of results) await breaker.run(service.mockResolvedValueOnce(result));
  };
  /** Makes a call that ends only when the test decides how. */
  const begin = () => {
    let end: (result: Result) => void = () => undefined;
    const result = breaker.run(service.mockReturnValueOnce(new Promise((resolve) => (end = resolve))));
    const endAs = async (as: Result) => {
      end(as);
      await result;
    };
    return { end: endAs };
  };
  return { breaker, service, call, begin };
}

async function openBreaker() {
  const opened = createBreaker();
  await opened.call('bad', 'bad', 'bad');
  return opened;
}

describe('a closed circuit', () => {
  it('makes calls and returns their results, including failures', async () => {
    const { breaker, service } = createBreaker();
    expect(await breaker.run(service.mockResolvedValueOnce('good'))).toBe('good');
    expect(await breaker.run(service.mockResolvedValueOnce('bad'))).toBe('bad');
    expect(breaker.state()).toBe('closed');
  });

  it('opens after several failures in a row, but not if there is a success in between', async () => {
    const { breaker, call } = createBreaker();
    await call('bad', 'bad', 'good', 'bad', 'bad');
    expect(breaker.state()).toBe('closed');
    await call('bad');
    expect(breaker.state()).toBe('open');
  });

  it('opens if calls throw, and throws their errors', async () => {
    const { breaker, service } = createBreaker();
    for (let call = 0; call < 3; call += 1) {
      service.mockRejectedValueOnce(new Error('no response'));
      await expect(breaker.run(service)).rejects.toThrow('no response');
    }
    expect(breaker.state()).toBe('open');
  });

  it('neither opens nor forgets failures because of calls that say nothing about the service', async () => {
    const { breaker, call } = createBreaker();
    await call('neither', 'neither', 'neither', 'neither');
    expect(breaker.state()).toBe('closed');
    await call('bad', 'neither', 'bad', 'neither', 'bad');
    expect(breaker.state()).toBe('open');
  });

  it('stays closed if calls hang that began before another one succeeded: the service is up', async () => {
    const { breaker, begin, call } = createBreaker();
    const hanging = Array.from({ length: 30 }, begin);
    await call('good');
    for (const each of hanging) await each.end('bad');
    expect(breaker.state()).toBe('closed');
    await call('bad', 'bad', 'bad');
    expect(breaker.state()).toBe('open');
  });
});

describe('an open circuit', () => {
  it('fails fast: it makes no call and says when to try again', async () => {
    const { breaker, service } = await openBreaker();
    service.mockClear();
    await jest.advanceTimersByTimeAsync(500);
    const error = await breaker.run(service).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(CircuitOpen);
    expect(error).toMatchObject({ retryAfterMs: 1_500, message: 'the circuit breaker is open: try again in 1500 ms' });
    expect(service).not.toHaveBeenCalled();
  });

  it('stays open for exactly its time', async () => {
    const { breaker, service } = await openBreaker();
    await jest.advanceTimersByTimeAsync(OPEN_FOR_MS - 1);
    await expect(breaker.run(service)).rejects.toBeInstanceOf(CircuitOpen);
    await jest.advanceTimersByTimeAsync(1);
    expect(await breaker.run(service.mockResolvedValueOnce('good'))).toBe('good');
  });
});

describe('a half-open circuit', () => {
  it('closes after one success', async () => {
    const { breaker, call } = await openBreaker();
    await jest.advanceTimersByTimeAsync(OPEN_FOR_MS);
    await call('good');
    expect(breaker.state()).toBe('closed');
    await call('bad', 'bad');
    expect(breaker.state()).toBe('closed');
  });

  it('opens again for its full time after one failure', async () => {
    const { breaker, service, call } = await openBreaker();
    await jest.advanceTimersByTimeAsync(OPEN_FOR_MS);
    await call('bad');
    expect(breaker.state()).toBe('open');
    await expect(breaker.run(service)).rejects.toMatchObject({ retryAfterMs: OPEN_FOR_MS });
  });

  it('tries a call now and then and refuses all others at once, even if the one that is tried hangs', async () => {
    const { breaker, begin } = await openBreaker();
    const unexpected = jest.fn<() => Promise<Result>>();
    await jest.advanceTimersByTimeAsync(OPEN_FOR_MS);
    expect(breaker.state()).toBe('half-open');
    const first = begin();
    await expect(breaker.run(unexpected)).rejects.toMatchObject({ retryAfterMs: TRY_EVERY_MS });
    await jest.advanceTimersByTimeAsync(TRY_EVERY_MS - 1);
    await expect(breaker.run(unexpected)).rejects.toBeInstanceOf(CircuitOpen);
    await jest.advanceTimersByTimeAsync(1);
    const second = begin();
    await expect(breaker.run(unexpected)).rejects.toBeInstanceOf(CircuitOpen);
    await second.end('good');
    expect(breaker.state()).toBe('closed');
    await first.end('bad');
    expect(breaker.state()).toBe('closed');
    expect(unexpected).not.toHaveBeenCalled();
  });

  it('opens again if the call that is tried throws', async () => {
    const { breaker, service } = await openBreaker();
    await jest.advanceTimersByTimeAsync(OPEN_FOR_MS);
    service.mockRejectedValueOnce(new Error('no response'));
    await expect(breaker.run(service)).rejects.toThrow('no response');
    expect(breaker.state()).toBe('open');
  });

  it('stays half-open after a call that says nothing about the service', async () => {
    const { breaker, call } = await openBreaker();
    await jest.advanceTimersByTimeAsync(OPEN_FOR_MS);
    await call('neither');
    expect(breaker.state()).toBe('half-open');
    await jest.advanceTimersByTimeAsync(TRY_EVERY_MS);
    await call('good');
    expect(breaker.state()).toBe('closed');
  });

  it('does not open again because of a call that began before it opened', async () => {
    const { breaker, begin, call } = createBreaker();
    const slow = begin();
    await call('bad', 'bad', 'bad');
    await jest.advanceTimersByTimeAsync(OPEN_FOR_MS);
    await slow.end('bad');
    expect(breaker.state()).toBe('half-open');
  });
});

it('refused callers do not all return at once', async () => {
  let random = 0;
  const breaker = createCircuitBreaker<Result>({
    ...{ failuresToOpen: 1, openForMs: OPEN_FOR_MS, tryEveryMs: TRY_EVERY_MS, judge: () => 'down' },
    nowMs: () => 0,
    random: () => (random += 0.25),
  });
  await breaker.run(async () => 'bad');
  const refusals = [1, 2, 3].map(() => breaker.run(async () => 'bad').catch((error: unknown) => error));
  expect(await Promise.all(refusals)).toMatchObject([2_500, 3_000, 3_500].map((retryAfterMs) => ({ retryAfterMs })));
});

describe('orders of a service that lets four of five creates hang', () => {
  const ORDERS = 40;
  const HANGS_FOR_MS = 5_000;
  const SEEDS = Array.from({ length: 16 }, (_, seed) => seed);
  const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

  /** How long it takes until each order has a create that succeeds. */
  async function durationMs(seed: number, { isProtected }: { isProtected: boolean }): Promise<number> {
    const random = createSeededRandom(seed);
    const breaker = createCircuitBreaker<Result>({
      ...{ failuresToOpen: 20, openForMs: OPEN_FOR_MS, tryEveryMs: TRY_EVERY_MS, judge: (result) => VERDICTS[result] },
      nowMs: () => performance.now(),
      random: random.next,
    });
    const create = async (): Promise<Result> => {
      const hangs = random.chance(0.8);
      await wait(hangs ? HANGS_FOR_MS : 20);
      return hangs ? 'bad' : 'good';
    };
    const pauseMs = (error: unknown) => (error instanceof CircuitOpen ? error.retryAfterMs : Number.NaN);
    const order = async () => {
      let result: Result | undefined;
      while (result !== 'good') {
        result = await (isProtected ? breaker.run(create) : create()).catch(async (error) => {
          await wait(pauseMs(error));
          return undefined;
        });
      }
      return performance.now();
    };
    const startedAtMs = performance.now();
    const orders = Promise.all(Array.from({ length: ORDERS }, order));
    await jest.runAllTimersAsync();
    return Math.max(...(await orders)) - startedAtMs;
  }

  it('are done as soon as without a circuit breaker: there, twenty failures in a row are rare', async () => {
    let [withMs, withoutMs] = [0, 0];
    for (const seed of SEEDS) {
      withMs += await durationMs(seed, { isProtected: true });
      withoutMs += await durationMs(seed, { isProtected: false });
    }
    expect(withMs).toBeLessThan(1.02 * withoutMs);
  });
});

import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { CircuitOpen, createCircuitBreaker } from './circuit-breaker.ts';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

type Result = 'good' | 'bad';
const OPEN_FOR_MS = 2_000;

function createBreaker() {
  const breaker = createCircuitBreaker<Result>({
    failuresToOpen: 3,
    openForMs: OPEN_FOR_MS,
    isFailure: (result) => result === 'bad',
    nowMs: Date.now,
  });
  const service = jest.fn<() => Promise<Result>>();
  /** Makes calls with these results, one after the other. */
  const call = async (...results: readonly Result[]) => {
    for (const result of results) await breaker.run(service.mockResolvedValueOnce(result));
  };
  return { breaker, service, call };
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

  it('stays closed if calls throw, because that is not a failure of the service', async () => {
    const { breaker, service } = createBreaker();
    for (let call = 0; call < 5; call += 1) {
      service.mockRejectedValueOnce(new Error('a bug'));
      await expect(breaker.run(service)).rejects.toThrow('a bug');
    }
    expect(breaker.state()).toBe('closed');
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

  it('tries one call, and the calls in the meantime wait for its outcome', async () => {
    const { breaker, service } = await openBreaker();
    service.mockClear();
    await jest.advanceTimersByTimeAsync(OPEN_FOR_MS);
    let respond: (result: Result) => void = () => undefined;
    service.mockReturnValueOnce(new Promise((resolve) => (respond = resolve)));
    const tried = breaker.run(service);
    const waiting = breaker.run(service).catch((thrown: unknown) => thrown);
    expect(breaker.state()).toBe('half-open');
    await jest.advanceTimersByTimeAsync(0);
    expect(service).toHaveBeenCalledTimes(1);
    respond('bad');
    expect(await tried).toBe('bad');
    expect(await waiting).toBeInstanceOf(CircuitOpen);
    expect(service).toHaveBeenCalledTimes(1);
  });
});

import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { ODD_REJECTIONS } from '../contracts/odd-rejections.fixture.ts';
import { type Attempt, type FailedAttempt, type RetryPolicy, retry, retrying } from './retry.ts';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

const failure = (status: number, retryAfterMs?: number) =>
  Object.assign(new Error(`responded ${status}`), { status, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) });

const policy = (changes: Partial<RetryPolicy> = {}): RetryPolicy => ({
  name: 'withdraw',
  maxAttempts: 4,
  backOff: { baseMs: 100, capMs: 250 },
  budgetMs: 10_000,
  random: () => 0.5,
  newId: () => 'call',
  ...changes,
});

/** Advances the fake clock until the promise has settled. */
async function settled<T>(promise: Promise<T>): Promise<{ value?: T; error?: unknown }> {
  const outcome = promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  await jest.runAllTimersAsync();
  return outcome;
}

/** An operation that fails with these errors, one after the other, and then succeeds. Records its calls. */
function failing(...failures: readonly unknown[]) {
  const left = [...failures];
  const calledAtMs: number[] = [];
  const attempts: Attempt[] = [];
  const operation = async (attempt: Attempt) => {
    calledAtMs.push(performance.now());
    attempts.push(attempt);
    if (left.length > 0) throw left.shift();
    return 'done';
  };
  return { operation, calledAtMs, attempts };
}

describe('retry', () => {
  it('calls an operation that succeeds once, and logs nothing', async () => {
    const log = jest.fn();
    const { operation, attempts } = failing();
    expect(await settled(retry(operation, policy({ log })))).toEqual({ value: 'done' });
    expect(attempts.map(({ number, requestId }) => [number, requestId])).toEqual([[1, 'call/1']]);
    expect(log).not.toHaveBeenCalled();
  });

  it('retries transient failures, with growing, capped delays with jitter', async () => {
    const { operation, calledAtMs } = failing(failure(500), failure(503), failure(429));
    const began = performance.now();
    expect(await settled(retry(operation, policy()))).toEqual({ value: 'done' });
    expect(calledAtMs.map((at) => at - began)).toEqual([0, 50, 150, 275]);
  });

  it('logs every failed attempt with its number, delay, reason and request id', async () => {
    const logged: FailedAttempt[] = [];
    const { operation } = failing(failure(500), failure(404));
    await settled(retry(operation, policy({ log: (failed) => logged.push(failed) })));
    expect(logged).toEqual([
      { name: 'withdraw', attempt: 1, delayMs: 50, reason: 'status 500', requestId: 'call/1' },
      { name: 'withdraw', attempt: 2, delayMs: undefined, reason: 'status 404', requestId: 'call/2' },
    ]);
  });

  it('gives every attempt its own request id', async () => {
    const { operation, attempts } = failing(failure(500), failure(500));
    const { newId: _, ...unnamed } = policy();
    await settled(retry(operation, unnamed));
    await settled(retry(operation, unnamed));
    expect(new Set(attempts.map(({ requestId }) => requestId)).size).toBe(4);
  });

  it('throws the unchanged error of the last attempt when no attempt is left', async () => {
    const cause = new Error('the socket');
    const last = Object.assign(new Error('the last', { cause }), { status: 500 });
    const { operation, attempts } = failing(failure(500), failure(500), failure(500), last, failure(500));
    const { error } = await settled(retry(operation, policy()));
    expect(error).toBe(last);
    expect(error).toMatchObject({ cause });
    expect(attempts).toHaveLength(4);
  });

  it.each([400, 401, 403, 404, 422, 409])('never retries status %i', async (status) => {
    const refusal = failure(status);
    const { operation, attempts } = failing(refusal);
    expect(await settled(retry(operation, policy()))).toEqual({ error: refusal });
    expect(attempts).toHaveLength(1);
  });

  it('never retries a bug, unless isRetryable says so', async () => {
    const { operation, attempts } = failing(new TypeError('x is undefined'));
    expect((await settled(retry(operation, policy()))).error).toBeInstanceOf(TypeError);
    expect(attempts).toHaveLength(1);
    const forced = failing(new TypeError('x is undefined'));
    expect(await settled(retry(forced.operation, policy({ isRetryable: () => true })))).toEqual({ value: 'done' });
  });

  it('waits as long as Retry-After says, and stops if that exceeds the budget', async () => {
    const patient = failing(failure(429, 2_000));
    const began = performance.now();
    await settled(retry(patient.operation, policy()));
    expect(patient.calledAtMs.map((at) => at - began)).toEqual([0, 2_000]);

    const refused = failure(429, 10_001);
    const hurried = failing(refused);
    expect(await settled(retry(hurried.operation, policy()))).toEqual({ error: refused });
    expect(hurried.attempts).toHaveLength(1);
  });

  it('counts the duration of the attempts against the budget', async () => {
    let attempts = 0;
    const slow = async () => {
      attempts += 1;
      await new Promise((resolve) => setTimeout(resolve, 600));
      throw failure(500);
    };
    await settled(retry(slow, policy({ budgetMs: 1_000 })));
    expect(attempts).toBe(2);
  });

  it('never waits longer than its cap or Retry-After, nor beyond its budget', async () => {
    const failures = fc.array(fc.record({ status: fc.constantFrom(408, 429, 500), retryAfterMs: fc.nat(5_000) }), {
      maxLength: 12,
    });
    await fc.assert(
      fc.asyncProperty(
        failures,
        fc.record({
          baseMs: fc.nat(2_000),
          capMs: fc.nat(5_000),
          budgetMs: fc.nat(20_000),
          maxAttempts: fc.integer({ min: 1, max: 10 }),
          random: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        }),
        async (all, { baseMs, capMs, budgetMs, maxAttempts, random }) => {
          const { operation, calledAtMs } = failing(...all.map((each) => failure(each.status, each.retryAfterMs)));
          const began = performance.now();
          const backOff = { baseMs, capMs };
          await settled(retry(operation, policy({ backOff, budgetMs, maxAttempts, random: () => random })));
          expect(calledAtMs.length).toBeLessThanOrEqual(maxAttempts);
          calledAtMs.slice(1).forEach((at, index) => {
            const askedMs = all[index]?.retryAfterMs ?? 0;
            const waitedMs = at - (calledAtMs[index] ?? 0);
            expect(waitedMs).toBeGreaterThanOrEqual(askedMs);
            // A timer of zero takes one millisecond.
            expect(waitedMs).toBeLessThanOrEqual(Math.max(capMs, askedMs, 1));
            expect(at - began).toBeLessThanOrEqual(budgetMs + calledAtMs.length);
          });
        },
      ),
      { seed: 112_358, numRuns: 200 },
    );
  });

  it('ends a delay at once when it is cancelled, and makes no further attempt', async () => {
    const caller = new AbortController();
    const log = jest.fn();
    const { operation, attempts } = failing(failure(500), failure(500));
    const ended = retry(operation, policy({ signal: caller.signal, log })).catch((error: unknown) => error);
    await jest.advanceTimersByTimeAsync(10);
    const reason = new Error('the caller left');
    caller.abort(reason);
    expect(await ended).toBe(reason);
    await jest.runAllTimersAsync();
    expect(attempts).toHaveLength(1);
    expect(log).toHaveBeenCalledTimes(1);
  });

  it('leaves no timer behind that would keep the process alive, and no listener, whether a delay is cancelled or not', async () => {
    const caller = new AbortController();
    const added = jest.spyOn(caller.signal, 'addEventListener');
    const removed = jest.spyOn(caller.signal, 'removeEventListener');
    await settled(retry(failing(failure(500), failure(500)).operation, policy({ signal: caller.signal })));
    expect(jest.getTimerCount()).toBe(0);
    expect(removed.mock.calls.length).toBe(added.mock.calls.length);

    const { operation } = failing(failure(429, 8_000));
    const ended = retry(operation, policy({ signal: caller.signal })).catch(() => undefined);
    await jest.advanceTimersByTimeAsync(10);
    expect(jest.getTimerCount()).toBe(1);
    caller.abort();
    await ended;
    expect(jest.getTimerCount()).toBe(0);
  });

  it.each(ODD_REJECTIONS)('throws %s as it is, although it can hardly be classified', async (_what, thrown) => {
    const { error } = await settled(retry(() => Promise.reject(thrown), policy()));
    expect(Object.is(error, thrown)).toBe(true);
  });

  it('lets an attempt in progress finish when it is cancelled, and starts no other', async () => {
    const caller = new AbortController();
    const own = failure(500);
    const operation = jest.fn(async ({ number, signal }: Attempt) => {
      if (number === 1) throw failure(503);
      expect(signal.aborted).toBe(false);
      caller.abort();
      expect(signal.aborted).toBe(true);
      throw own;
    });
    expect(await settled(retry(operation, policy({ signal: caller.signal })))).toEqual({ error: own });
    expect(operation).toHaveBeenCalledTimes(2);
  });

  it('does not start if it is already cancelled', async () => {
    const { operation, attempts } = failing();
    const reason = new Error('the caller left');
    expect(await settled(retry(operation, policy({ signal: AbortSignal.abort(reason) })))).toEqual({ error: reason });
    expect(attempts).toHaveLength(0);
  });

  it.each([
    { maxAttempts: 0 },
    { maxAttempts: 1.5 },
    { budgetMs: -1 },
    { budgetMs: 2 ** 31 },
    { budgetMs: Number.NaN },
  ])('refuses an invalid policy: %j', async (changes) => {
    await expect(retry(failing().operation, policy(changes))).rejects.toThrow(RangeError);
  });
});

describe('a retrying function', () => {
  it('keeps the name and arity of the one it wraps', () => {
    async function transfer(_from: string, _to: string, _amountCents: number) {}
    const retried = retrying(transfer, policy());
    expect([retried.name, retried.length]).toEqual(['transfer', 3]);
  });

  it('keeps this and its arguments in every attempt', async () => {
    const failures = [failure(500), failure(500)];
    const account = {
      balanceCents: 100,
      withdraw: retrying(async function (this: { balanceCents: number }, amountCents: number, note?: string) {
        const next = failures.shift();
        if (next !== undefined) throw next;
        return [this.balanceCents - amountCents, note];
      }, policy()),
    };
    expect(await settled(account.withdraw(30, 'rent'))).toEqual({ value: [70, 'rent'] });
    expect(failures).toHaveLength(0);
  });
});

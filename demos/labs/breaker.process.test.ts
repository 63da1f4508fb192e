import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { runBreaker } from './breaker.ts';

beforeEach(() => {
  // Only the wall clock, which the breaker reads: the service needs real timers.
  jest.useFakeTimers({
    doNotFake: [
      'hrtime',
      'nextTick',
      'performance',
      'queueMicrotask',
      'setImmediate',
      'clearImmediate',
      'setInterval',
      'clearInterval',
      'setTimeout',
      'clearTimeout',
    ],
  });
});
afterEach(() => void jest.useRealTimers());

const sleep = async (ms: number) => void jest.setSystemTime(Date.now() + ms);

test('the breaker opens, tries one call at a time, closes when one succeeds, and spares the service', async () => {
  const { ok, figures, lines } = await runBreaker({ seed: 1, sleep });
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
  expect(ok).toBe(true);
  expect(figures.states).toEqual(['closed', 'open', 'half-open', 'open', 'half-open', 'open', 'half-open', 'closed']);
  const outcomes = figures.rounds.map(({ calls }) => calls.map(({ outcome }) => outcome));
  expect(outcomes[1]?.slice(0, 4)).toEqual(['failed', 'failed', 'failed', 'not made']);
  expect(outcomes[2]?.slice(0, 2)).toEqual(['failed', 'not made']);
  expect(new Set(outcomes[4])).toEqual(new Set(['succeeded']));
  expect(figures).toMatchObject({ calls: 48, requestsReceived: 29, spared: 19 });
});

test('a breaker whose time does not pass stays open, and the lab reports a failure', async () => {
  const { ok, figures } = await runBreaker({ seed: 1, sleep: async () => undefined });
  expect(ok).toBe(false);
  expect(figures.states).toEqual(['closed', 'open']);
});

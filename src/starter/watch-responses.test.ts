import { expect, test } from '@jest/globals';
import { watchResponses } from './watch-responses.ts';

test('a server that goes away is silent since its last response, until it responds again', async () => {
  let now = 1_000;
  let isUp = true;
  let asked = 0;
  const ask = async () => {
    asked += 1;
    if (!isUp) throw new Error('14 UNAVAILABLE');
  };
  /** Until the result of a question that is asked from now on is known. */
  const nextResult = async () => {
    const until = asked + 2;
    while (asked < until) await new Promise(setImmediate);
  };
  const { silentForMs, stop } = watchResponses(ask, 0, () => now);
  try {
    await nextResult();
    expect(silentForMs(9_000)).toBeUndefined();
    isUp = false;
    now = 3_000;
    await nextResult();
    expect(silentForMs(5_500)).toBe(4_500);
    isUp = true;
    await nextResult();
    expect(silentForMs(9_000)).toBeUndefined();
  } finally {
    stop();
  }
});

import { describe, expect, it } from '@jest/globals';
import { workerOptions } from './worker-options.ts';

const TIMINGS = { createDeadlineMs: 1_000, clockSkewMs: 200, settleMs: 500, lateWatchMs: [2_000] };

describe('the options of a worker', () => {
  it('follow from all timings of the orders, or from the two that matter to a worker', () => {
    const { createDeadlineMs, clockSkewMs } = TIMINGS;
    expect(workerOptions(TIMINGS)).toEqual(workerOptions({ createDeadlineMs, clockSkewMs }));
  });

  it.each<readonly [unknown, string]>([
    [undefined, 'the options must be an object, but are undefined'],
    [{ ...TIMINGS, createDeadlineMs: '1s' }, 'createDeadlineMs must be milliseconds, 0 or more, but is "1s"'],
    [{ ...TIMINGS, settleMs: -1 }, 'settleMs must be milliseconds, 0 or more, or undefined, but is -1'],
    [
      { ...TIMINGS, lateWatchMs: 2_000 },
      'lateWatchMs must be a list of milliseconds, such as [60000, 600000], or undefined, but is 2000',
    ],
    [{ ...TIMINGS, acceptWithin: 5 }, 'there is no option acceptWithin; did you mean acceptWithinMs?'],
  ])('are refused if a time is not one, by its name: %j', (timings, problem) => {
    expect(() => workerOptions(timings as typeof TIMINGS)).toThrow(new TypeError(`workerOptions: ${problem}`));
  });
});

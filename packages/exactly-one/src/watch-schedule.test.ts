import { describe, expect, it } from '@jest/globals';
import { watchSchedule } from './watch-schedule.ts';

const LATE_WATCH_MS = [60_000, 600_000, 3_600_000];

describe('the pauses of a late watch', () => {
  it('count from the moment when the last create is past its fence, not from now', () => {
    expect(watchSchedule(LATE_WATCH_MS, 13_000, 100, 10_000)).toEqual([63_100, 600_000, 3_600_000]);
  });

  it('count from now when the fence has passed', () => {
    expect(watchSchedule(LATE_WATCH_MS, 13_000, 100, 13_100)).toEqual(LATE_WATCH_MS);
    expect(watchSchedule(LATE_WATCH_MS, 13_000, 100, 99_000)).toEqual(LATE_WATCH_MS);
  });

  it('count from now when this order sent no create', () => {
    expect(watchSchedule(LATE_WATCH_MS, undefined, 100, 10_000)).toEqual(LATE_WATCH_MS);
  });
});

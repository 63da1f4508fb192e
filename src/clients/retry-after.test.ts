import { describe, expect, it } from '@jest/globals';
import { readRetryAfterMs } from './retry-after.ts';

const NOW_MS = Date.UTC(2026, 10, 30, 12, 0, 0);
const DAY_MS = 86_400_000;
const read = (value: string | undefined) => readRetryAfterMs(value, NOW_MS);

describe('Retry-After', () => {
  it.each([
    ['0', 0],
    ['120', 120_000],
    ['007', 7_000],
  ])('may be a number of seconds: %s', (value, ms) => {
    expect(read(value)).toBe(ms);
  });

  it.each(['Mon, 30 Nov 2026 12:00:30 GMT', 'Monday, 30-Nov-26 12:00:30 GMT', 'Mon Nov 30 12:00:30 2026'])(
    'may be a date: %s',
    (value) => {
      expect(read(value)).toBe(30_000);
    },
  );

  it('may be a date with a day of one digit, a leap second or a year of the last century', () => {
    expect(readRetryAfterMs('Tue Dec  1 00:00:00 2026', Date.UTC(2026, 10, 30, 23, 59, 0))).toBe(60_000);
    expect(read('Mon, 30 Nov 2026 12:00:60 GMT')).toBe(59_000);
    expect(read('Sunday, 06-Nov-94 08:49:37 GMT')).toBe(0);
  });

  it('is 0 for a date that has passed, and a day at most', () => {
    expect(read('Sun, 06 Nov 1994 08:49:37 GMT')).toBe(0);
    expect(read('Mon, 30 Nov 2099 12:00:00 GMT')).toBe(DAY_MS);
    expect(read('9'.repeat(400))).toBe(DAY_MS);
  });

  it.each([
    undefined,
    ...['', '-3600', '+5', '1e3', '0x10', '1.5', '5 s', ' 5', '5 ', '1, 2', '٣', 'Infinity', 'NaN', '1_000', 'soon'],
    ...['2026-11-30', '2026-11-30T12:00:30Z', '30 Nov 2026', 'Nov 30 2026', '11/30/2026'],
    ...['Mon, 30 Nov 2026 12:00:30', 'Mon, 30 Nov 2026 12:00:30 CET', 'mon, 30 nov 2026 12:00:30 gmt'],
    ...['Mon, 31 Nov 2026 12:00:30 GMT', 'Mon, 30 Nov 2026 25:00:30 GMT', 'Mon, 30 Nov 2026 12:60:30 GMT'],
    ...['Mon, 30 Nov 2026 12:00:61 GMT', 'Mon, 00 Nov 2026 12:00:30 GMT', 'Mon, 3 Nov 2026 12:00:30 GMT'],
    ...['Mon, 30 Nov 2026 12:00:30 GMT+1', ' Mon, 30 Nov 2026 12:00:30 GMT', 'Mon Nov 1 12:00:30 2026'],
  ])('is nothing else: %j', (value) => {
    expect(read(value)).toBeUndefined();
  });
});

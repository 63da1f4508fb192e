import { expect, test } from '@jest/globals';
import { clockProblem } from './clock-problem.ts';

const REQUEST = { requestedAtMs: 10_000, receivedAtMs: 10_200, clockSkewMs: 1_000 };

const WORDING = { service: 'ticket system', clockSkewMs: 'CLOCK_SKEW_MS' };

test.each([
  ['of the time of its request says nothing of clocks', 10_100, ''],
  ['within the allowed difference says nothing of clocks', 11_200, ''],
  [
    'from the future names the clock that is ahead',
    40_200,
    "the ticket system's clock is 30 s ahead of this worker's, and CLOCK_SKEW_MS allows 1.0 s: ",
  ],
  [
    'older than its request may be an old one',
    5_000,
    "an old list, or the ticket system's clock is 5.0 s behind this worker's, and CLOCK_SKEW_MS allows 1.0 s: ",
  ],
])('a list of tickets %s', (_, asOfMs, problem) => {
  expect(clockProblem(REQUEST, asOfMs, WORDING)).toBe(problem);
});

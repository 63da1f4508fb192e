import type { Timings } from '../protocol/index.ts';
import { A_DURATION, optional, type Rule } from './check-options.ts';
import { isDurationMs, isListOf } from './shapes.ts';

const DURATIONS: Rule = {
  isValid: isListOf(isDurationMs),
  allowed: 'a list of milliseconds, such as [60000, 600000]',
};

/** What is allowed for each of the timings. */
export const TIMING_RULES = {
  createDeadlineMs: A_DURATION,
  clockSkewMs: A_DURATION,
  settleMs: A_DURATION,
  acceptWithinMs: optional(A_DURATION),
  lateWatchMs: DURATIONS,
} as const satisfies Readonly<Record<keyof Timings, Rule>>;

/** The same for the option `timings`. */
export const TIMINGS_RULES: Readonly<Record<string, Rule>> = {
  timings: {
    isValid: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
    allowed: '{ createDeadlineMs, clockSkewMs, settleMs, lateWatchMs }, all in milliseconds',
  },
  ...Object.fromEntries(Object.entries(TIMING_RULES).map(([name, rule]) => [`timings.${name}`, rule])),
};

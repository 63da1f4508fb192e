import { successProbability } from '../../src/resilience/success-probability.ts';

/** A difference beyond this many standard errors is chance only once in 16,000 times. */
export const STANDARD_ERRORS = 4;

/** The share of calls that succeeded, and the share that the formula predicts. */
export interface MeasuredSuccess {
  readonly measured: number;
  readonly formula: number;
  /** The largest difference that chance explains. */
  readonly allowed: number;
}

/**
 * @param given.successes of `calls`, each with up to `retries` retries
 * @param given.successProbabilityOfOne q, of a single attempt
 */
export function measuredSuccess(given: {
  readonly successes: number;
  readonly calls: number;
  readonly retries: number;
  readonly successProbabilityOfOne: number;
}): MeasuredSuccess {
  const { successes, calls } = given;
  const formula = successProbability(given);
  const allowed = STANDARD_ERRORS * Math.sqrt((formula * (1 - formula)) / calls);
  return { measured: successes / calls, formula, allowed };
}

export function matchesFormula({ measured, formula, allowed }: MeasuredSuccess): boolean {
  return Math.abs(measured - formula) <= allowed;
}

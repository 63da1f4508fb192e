import { successProbability } from '../../src/resilience/success-probability.ts';

/** Beyond so many standard errors chance explains a difference once in 16,000 times. */
export const STANDARD_ERRORS = 4;

/** A share of calls that succeeded, beside the one that the formula gives. */
export interface SuccessBesideFormula {
  readonly measured: number;
  readonly formula: number;
  /** The largest difference that passes for chance. */
  readonly allowed: number;
}

/**
 * @param given.successes of `calls`, each with `retries`
 * @param given.successProbabilityOfOne q, of a single attempt
 */
export function successBesideFormula(given: {
  readonly successes: number;
  readonly calls: number;
  readonly retries: number;
  readonly successProbabilityOfOne: number;
}): SuccessBesideFormula {
  const { successes, calls } = given;
  const formula = successProbability(given);
  const allowed = STANDARD_ERRORS * Math.sqrt((formula * (1 - formula)) / calls);
  return { measured: successes / calls, formula, allowed };
}

export function isAsTheFormula({ measured, formula, allowed }: SuccessBesideFormula): boolean {
  return Math.abs(measured - formula) <= allowed;
}

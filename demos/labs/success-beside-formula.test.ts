import { expect, test } from '@jest/globals';
import { isAsTheFormula, successBesideFormula } from './success-beside-formula.ts';

const given = { calls: 10_000, retries: 1, successProbabilityOfOne: 0.5 };

test('a share within four standard errors passes for the formula, one beyond does not', () => {
  // The formula gives 0.75, and a standard error is 0.00433.
  const near = successBesideFormula({ ...given, successes: 7_670 });
  expect(near).toMatchObject({ measured: 0.767, formula: 0.75 });
  expect(near.allowed).toBeCloseTo(0.01732, 5);
  expect(isAsTheFormula(near)).toBe(true);
  expect(isAsTheFormula(successBesideFormula({ ...given, successes: 7_330 }))).toBe(true);
  expect(isAsTheFormula(successBesideFormula({ ...given, successes: 7_680 }))).toBe(false);
  expect(isAsTheFormula(successBesideFormula({ ...given, successes: 7_320 }))).toBe(false);
});

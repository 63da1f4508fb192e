import { expect, test } from '@jest/globals';
import { matchesFormula, measuredSuccess } from './measured-success.ts';

const given = { calls: 10_000, retries: 1, successProbabilityOfOne: 0.5 };

test('a share matches the formula within four standard errors, and not beyond', () => {
  // The formula gives 0.75, and a standard error is 0.00433.
  const near = measuredSuccess({ ...given, successes: 7_670 });
  expect(near).toMatchObject({ measured: 0.767, formula: 0.75 });
  expect(near.allowed).toBeCloseTo(0.01732, 5);
  expect(matchesFormula(near)).toBe(true);
  expect(matchesFormula(measuredSuccess({ ...given, successes: 7_330 }))).toBe(true);
  expect(matchesFormula(measuredSuccess({ ...given, successes: 7_680 }))).toBe(false);
  expect(matchesFormula(measuredSuccess({ ...given, successes: 7_320 }))).toBe(false);
});

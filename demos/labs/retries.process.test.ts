import { expect, test } from '@jest/globals';
import { successProbability } from '../../src/resilience/success-probability.ts';
import { runRetries } from './retries.ts';

const CALLS = 600;

test('calls to the real account API succeed within R retries as often as the formula predicts', async () => {
  const { ok, figures, lines } = await runRetries({ seed: 112_358, calls: CALLS });
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
  expect(ok).toBe(true);
  expect(figures.ofRetries.map(({ retries }) => retries)).toEqual([0, 1, 2, 3]);
  for (const { retries, measured } of figures.ofRetries) {
    const formula = successProbability({ successProbabilityOfOne: 0.7, retries });
    expect(Math.abs(measured - formula)).toBeLessThan(4 * Math.sqrt((formula * (1 - formula)) / CALLS));
  }
  const [once, , , thrice] = figures.ofRetries.map(({ measured }) => measured);
  expect(thrice).toBeGreaterThan((once ?? 1) + 0.2);
  // Every call needs one request, and about every third one another.
  expect(figures.requests / CALLS).toBeGreaterThan(1.2);
  expect(figures.requests / CALLS).toBeLessThan(1.7);
});

test('the same seed fails the same calls, another seed fails others', async () => {
  const [one, same, other] = [
    await runRetries({ seed: 1, calls: 60 }),
    await runRetries({ seed: 1, calls: 60 }),
    await runRetries({ seed: 2, calls: 60 }),
  ];
  expect(same).toEqual(one);
  expect(other.figures).not.toEqual(one.figures);
});

import type { FaultKind, FaultPoints, FaultRule } from './fault-rules.ts';
import { rulesOfShares } from './fault-rules.ts';

/** Probability that a call fails, every call alike. */
const LIKELIHOODS = {
  rare: 0.01,
  'more-likely': 0.1,
  'pretty-likely': 0.5,
  'very-likely': 0.8,
} as const;

type LikelihoodPreset = 'calm' | keyof typeof LIKELIHOODS;

/**
 * How often a failing call fails in which way, where the point knows that way; a point that knows none is delayed, and
 * one that cannot be delayed either, such as a definite refusal, is no failure: it is left alone.
 */
const WEIGHTS: readonly { readonly kind: FaultKind; readonly weight: number }[] = [
  { kind: 'error-500', weight: 5 },
  { kind: 'connection-reset', weight: 3 },
  { kind: 'malformed-json', weight: 1 },
  { kind: 'timeout', weight: 1 },
];

/** The presets `calm` to `very-likely` for the points of a service: errors everywhere, more and more of them. */
export function likelihoodPresets<Point extends string>(
  points: FaultPoints<Point>,
): Record<LikelihoodPreset, readonly FaultRule<Point>[]> {
  return {
    calm: [],
    rare: everywhere(points, LIKELIHOODS.rare),
    'more-likely': everywhere(points, LIKELIHOODS['more-likely']),
    'pretty-likely': everywhere(points, LIKELIHOODS['pretty-likely']),
    'very-likely': everywhere(points, LIKELIHOODS['very-likely']),
  };
}

function everywhere<Point extends string>(points: FaultPoints<Point>, probability: number): FaultRule<Point>[] {
  const rules: FaultRule<Point>[] = [];
  for (const point in points) {
    const possible = WEIGHTS.filter(({ kind }) => points[point].includes(kind));
    const delayed = points[point].includes('delay') ? [{ kind: 'delay' as const, weight: 1 }] : [];
    const weights = possible.length > 0 ? possible : delayed;
    const sum = weights.reduce((total, { weight }) => total + weight, 0);
    rules.push(
      ...rulesOfShares(
        point,
        weights.map(({ kind, weight }) => ({ kind, share: (probabilityAt(point, probability) * weight) / sum })),
      ),
    );
  }
  return rules;
}

/** A call with a commit can fail at two points: half of its failures come before the commit, half of them after it. */
function probabilityAt(point: string, ofCall: number): number {
  const half = ofCall / 2;
  if (point.endsWith('.before-commit')) return half;
  if (point.endsWith('.after-commit')) return half / (1 - half);
  return ofCall;
}

import {
  type FaultKind,
  type FaultPoints,
  type FaultRule,
  type FaultShare,
  rulesOfShares,
  share,
} from './fault-rules.ts';

/** The faults of any call in a preset `hostile`. */
export const HOSTILE_SHARES: readonly FaultShare[] = [
  share('error-500', 0.05),
  share('error-429', 0.03),
  share('error-4xx', 0.03),
  share('timeout', 0.01),
  share('connection-reset', 0.04),
  share('malformed-json', 0.03),
  share('delay', 0.05, 200),
];

/** The faults of a call that writes in a preset `hostile`. */
export const HOSTILE_WRITE_SHARES: readonly FaultShare[] = [
  ...HOSTILE_SHARES,
  share('disk-full', 0.02),
  share('too-many-files', 0.02),
];

/** The probability that a call fails, the same for every call. */
const LIKELIHOODS = {
  rare: 0.01,
  'more-likely': 0.1,
  'pretty-likely': 0.5,
  'very-likely': 0.8,
} as const;

type LikelihoodPreset = 'calm' | keyof typeof LIKELIHOODS;

/**
 * How the failing calls of a point are shared among the kinds that are possible there. A point with none of these kinds
 * is delayed; one that cannot be delayed either, such as a definite refusal, gets no faults.
 */
const WEIGHTS: readonly { readonly kind: FaultKind; readonly weight: number }[] = [
  { kind: 'error-500', weight: 5 },
  { kind: 'connection-reset', weight: 3 },
  { kind: 'malformed-json', weight: 1 },
  { kind: 'timeout', weight: 1 },
];

/** The presets `calm` to `very-likely` for the points of a service: errors everywhere, with increasing probability. */
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
    const delayOnly = points[point].includes('delay') ? [{ kind: 'delay' as const, weight: 1 }] : [];
    const weights = possible.length > 0 ? possible : delayOnly;
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

/**
 * A call with a commit can fail at two points: half of its failures happen before the commit, half of them after it.
 */
function probabilityAt(point: string, ofCall: number): number {
  const half = ofCall / 2;
  if (point.endsWith('.before-commit')) return half;
  if (point.endsWith('.after-commit')) return half / (1 - half);
  return ofCall;
}

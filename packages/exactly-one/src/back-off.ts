/** Exponential back-off with full jitter: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/ */
export interface BackOff {
  /** Upper bound of the first delay. */
  readonly baseMs: number;
  /** Upper bound of every delay. */
  readonly capMs: number;
}

/**
 * A delay between 0 and the exponentially growing, capped bound.
 * @param round 0 for the first delay
 * @param random a number in [0, 1)
 */
export function fullJitterMs(backOff: BackOff, round: number, random: number): number {
  return Math.floor(random * Math.min(backOff.capMs, backOff.baseMs * 2 ** Math.min(round, 30)));
}

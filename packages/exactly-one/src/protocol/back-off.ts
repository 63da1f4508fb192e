/** Exponential back-off with full jitter: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/ */
export interface BackOff {
  /** Upper bound of the first delay, in milliseconds. It doubles with each round. */
  readonly baseMs: number;
  /** Upper bound of every delay, in milliseconds. */
  readonly capMs: number;
}

/**
 * A random delay in milliseconds, from 0 up to the bound of this round.
 * @param round 0 for the first delay
 * @param random a number in [0, 1), such as `Math.random()`
 */
export function fullJitterMs(backOff: BackOff, round: number, random: number): number {
  return Math.floor(random * Math.min(backOff.capMs, backOff.baseMs * 2 ** Math.min(round, 30)));
}

/** What can go wrong at a point of a service. */
export const FAULT_KINDS = [
  'error-500',
  'error-429',
  'error-4xx',
  'timeout',
  'connection-reset',
  'malformed-json',
  'stale-read',
  'delay',
  'disk-full',
  'too-many-files',
] as const;

export type FaultKind = (typeof FAULT_KINDS)[number];

/** The points of a service at which faults inject, each with the kinds that are possible there. */
export type FaultPoints<Point extends string = string> = Readonly<Record<Point, readonly FaultKind[]>>;

export interface FaultRule<Point extends string = string> {
  readonly point: Point;
  readonly kind: FaultKind;
  /** 0 to 1, of every call that no earlier rule of the same point has hit. */
  readonly probability: number;
  /**
   * How long a `delay` lasts, and how old a `stale-read` is at least; default {@link DEFAULT_DELAY_MS}. How long a
   * `timeout` hangs before it is answered 504; default for ever.
   */
  readonly delayMs?: number;
}

export const DEFAULT_DELAY_MS = 300;
export const LONGEST_DELAY_MS = 60_000;

/** One kind's share of all calls of a point. */
export interface FaultShare {
  readonly kind: FaultKind;
  /** 0 to 1, of all calls. */
  readonly share: number;
  readonly delayMs?: number;
}

/**
 * Rules that together hit as many calls of a point as the shares say. The first rule that hits wins, so each later one
 * sees fewer calls and gets a higher probability.
 */
export function rulesOfShares<Point extends string>(point: Point, shares: readonly FaultShare[]): FaultRule<Point>[] {
  let spared = 1;
  return shares.map(({ share, ...rest }) => {
    const probability = Math.min(1, share / spared);
    spared -= share;
    return { point, ...rest, probability };
  });
}

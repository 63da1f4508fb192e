export const FAULT_KINDS = [
  'error-500',
  'error-429',
  'error-4xx',
  'timeout',
  'connection-reset',
  'malformed-json',
  'stale-read',
  'delay',
  'accept-later',
  'disk-full',
  'too-many-files',
] as const;

export type FaultKind = (typeof FAULT_KINDS)[number];

/** Kinds that any call can have. */
export const RESPONSE_KINDS = [
  'error-500',
  'error-429',
  'error-4xx',
  'timeout',
  'connection-reset',
  'malformed-json',
  'delay',
] as const satisfies readonly FaultKind[];

/** Kinds that a call which writes to the disk can have. */
export const WRITE_KINDS = [...RESPONSE_KINDS, 'disk-full', 'too-many-files'] as const satisfies readonly FaultKind[];

/** The points of a service at which faults can be injected, each with the kinds that are possible there. */
export type FaultPoints<Point extends string = string> = Readonly<Record<Point, readonly FaultKind[]>>;

export interface FaultRule<Point extends string = string> {
  readonly point: Point;
  readonly kind: FaultKind;
  /** 0 to 1, of the calls that no earlier rule of the same point has hit. */
  readonly probability: number;
  /**
   * How long a `delay` lasts, how long after its response an `accept-later` is finished, and how old a `stale-read` is at least; default {@link DEFAULT_DELAY_MS}. How long a
   * `timeout` hangs before it gets a 504; default for ever.
   */
  readonly delayMs?: number;
}

export const DEFAULT_DELAY_MS = 300;
export const MAX_DELAY_MS = 60_000;

/** The share of a point's calls that get a kind of fault. */
export interface FaultShare {
  readonly kind: FaultKind;
  /** 0 to 1, of all calls. */
  readonly share: number;
  /** As in {@link FaultRule}. */
  readonly delayMs?: number;
}

/** @param ofAllCalls 0 to 1 */
export function share(kind: FaultKind, ofAllCalls: number, delayMs?: number): FaultShare {
  return { kind, share: ofAllCalls, ...(delayMs === undefined ? {} : { delayMs }) };
}

/**
 * Rules that together hit as many calls of a point as the shares say. The first rule that hits wins, so each later rule
 * sees fewer calls and gets a higher probability.
 */
export function rulesOfShares<Point extends string>(point: Point, shares: readonly FaultShare[]): FaultRule<Point>[] {
  let remaining = 1;
  return shares.map(({ share, ...rest }) => {
    const probability = Math.min(1, share / remaining);
    remaining -= share;
    return { point, ...rest, probability };
  });
}

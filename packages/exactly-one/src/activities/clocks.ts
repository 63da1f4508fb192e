/** The clocks of a worker. A test may set them. */
export interface Clocks {
  /** The wall clock in epoch milliseconds. */
  readonly nowMs: () => number;
  /** A clock that never jumps, in milliseconds. */
  readonly monotonicMs: () => number;
}

export const SYSTEM_CLOCKS: Clocks = { nowMs: Date.now, monotonicMs: () => performance.now() };

/** The timings that the protocol decides by. All in milliseconds. */
export interface Timings {
  /** How long a create may take, from the moment it is scheduled. */
  readonly createDeadlineMs: number;
  /** How far the clocks of Temporal, workers and item system may differ. */
  readonly clockSkewMs: number;
  /** With guarantee `none`: how long after its deadline a create is hoped to be over. */
  readonly settleMs: number;
  /** With guarantee `none`: pauses between the late checks. */
  readonly lateWatchMs: readonly number[];
}

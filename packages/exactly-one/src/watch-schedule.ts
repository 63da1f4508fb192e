/**
 * The pauses before the late checks. They count from the fence, not from the moment the order had its item:
 * a late item of an earlier attempt can end an order while its last create is still in flight.
 * @param fenceMs of the last create; undefined when this order sent none
 */
export function watchSchedule(
  lateWatchMs: readonly number[],
  fenceMs: number | undefined,
  clockSkewMs: number,
  nowMs: number,
): readonly number[] {
  const untilFenceMs = fenceMs === undefined ? 0 : Math.max(0, fenceMs + clockSkewMs - nowMs);
  return lateWatchMs.map((pauseMs, look) => (look === 0 ? pauseMs + untilFenceMs : pauseMs));
}

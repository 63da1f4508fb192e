/** The workflow id of the late watch started by one run of an order. Two runs can each have an open watch. */
export function lateWatchId(orderId: string, runId: string): string {
  return `${orderId}:late-watch:${runId}`;
}

/** The `Request-Id` of the one request that an activity attempt sends. No two creates may share one. */
export function requestId(activity: { runId: string; activityId: string; attempt: number }): string {
  return `${activity.runId}/${activity.activityId}/${activity.attempt}`;
}

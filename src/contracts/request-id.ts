/** Names one request of one attempt of one activity: no two creates may ever carry the same. */
export function requestId(activity: { runId: string; activityId: string; attempt: number }): string {
  return `${activity.runId}/${activity.activityId}/${activity.attempt}`;
}
